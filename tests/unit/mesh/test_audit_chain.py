import hmac
from datetime import UTC, datetime

from mesh.audit_chain import GENESIS, ChainKey, Head, Stored

KEY = ChainKey(b"k" * 32)
AT = datetime(2026, 1, 1, 12, 0, 0, 5, tzinfo=UTC)


def test_the_mac_is_hmac_sha_256():
    for content in (b"", b"a" * 55, b"a" * 1000):
        assert KEY.mac(content) == hmac.digest(b"k" * 32, content, "sha256")


def test_the_link_covers_position_time_names_and_details_as_one_json_array():
    entry = Stored(3, AT, 'a"b', "act", None, '{"n":1}')
    content = GENESIS + b'[3,1767268800000005,"a\\"b","act",null,{"n":1}]'
    assert KEY.link(GENESIS, entry) == hmac.digest(b"k" * 32, content, "sha256")


def test_a_time_that_does_not_say_utc_counts_as_utc():
    entry = Stored(3, AT, "a", "b", "s", "{}")
    assert KEY.link(GENESIS, entry) == KEY.link(GENESIS, entry._replace(at=AT.replace(tzinfo=None)))


def test_no_two_entries_share_their_bytes():
    entries = [
        Stored(1, AT, "a", "b", None, "{}"),
        Stored(1, AT, "a", "b", "null", "{}"),
        Stored(1, AT, 'a","b', "b", None, "{}"),
        Stored(1, AT, "a", 'b",null', None, "{}"),
    ]
    assert len({KEY.link(GENESIS, entry) for entry in entries}) == 4


def test_the_signature_of_a_head_covers_all_of_it():
    head = Head(5, b"m" * 32, 2, b"c" * 32)
    others = [Head(6, b"m" * 32, 2, b"c" * 32), Head(5, b"n" * 32, 2, b"c" * 32), Head(5, b"m" * 32, 3, b"c" * 32)]
    others.append(Head(5, b"m" * 32, 2, b"d" * 32))
    assert KEY.signature(head) not in {KEY.signature(other) for other in others}

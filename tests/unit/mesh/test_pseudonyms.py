import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesh.pseudonyms import Pseudonymizer, Sealer, canonical_user_id, derive
from mesh.refusal import FailedPrecondition, InvalidArgument

OLD, NEW = b"o" * 32, b"n" * 32


@pytest.mark.parametrize(
    ("raw", "canonical"),
    [
        ("p-1", "p-1"),
        ("  p-1\t", "p-1"),
        ("P-1", "P-1"),
        ("Zoe\u0308", "Zo\u00eb"),
        ("a b", "a b"),
        ("x" * 256, "x" * 256),
        ("\u03b1\u0313\u0300\u0345" * 256, "\u1f82" * 256),
        (" " * 5000 + "Zoe\u0308", "Zo\u00eb"),
    ],
)
def test_an_id_has_one_form(raw, canonical):
    assert canonical_user_id(raw) == canonical


@pytest.mark.parametrize("raw", ["", "   ", "\n", "x" * 257, "a\nb", "a\x00b", "\ud800", "x" * 10_000])
def test_what_is_no_id_is_refused_without_quoting_it(raw):
    with pytest.raises(InvalidArgument) as refusal:
        canonical_user_id(raw)
    assert refusal.value.violations[0].field == "user_id"
    assert not raw.strip() or raw not in refusal.value.message


@given(st.text(max_size=40))
def test_the_form_of_a_form_is_itself(raw):
    try:
        canonical = canonical_user_id(raw)
    except InvalidArgument:
        return
    assert canonical_user_id(canonical) == canonical


def test_a_pseudonym_is_a_keyed_hash():
    pseudonymizer = Pseudonymizer({1: OLD}, 1)
    expected = hmac.new(derive(OLD, "pseudonym"), b"p-1", hashlib.sha256).digest()
    assert pseudonymizer.pseudonym("p-1") == expected


def test_after_a_rotation_the_older_pseudonyms_are_still_found():
    before, after = Pseudonymizer({1: OLD}, 1), Pseudonymizer({1: OLD, 2: NEW}, 2)
    assert after.pseudonym("p-1") != before.pseudonym("p-1")
    assert after.all("p-1") == {2: after.pseudonym("p-1"), 1: before.pseudonym("p-1")}
    assert next(iter(after.all("p-1"))) == 2


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(exclude_categories=["Cs"])))
def test_what_is_sealed_opens_where_it_belongs(text, place):
    sealer = Sealer({3: OLD}, 3)
    assert sealer.open(sealer.seal(text, place), place) == text


def test_a_seal_shows_nothing_and_is_never_the_same_twice():
    sealer = Sealer({3: OLD}, 3)
    one, two = sealer.seal("p-1", "row 1"), sealer.seal("p-1", "row 1")
    assert one != two
    assert b"p-1" not in one
    assert Sealer.version(one) == 3


def test_a_seal_moved_to_another_row_does_not_open():
    sealer = Sealer({1: OLD}, 1)
    with pytest.raises(FailedPrecondition, match="another row"):
        sealer.open(sealer.seal("p-1", "row 1"), "row 2")


@pytest.mark.parametrize("position", [1, 13, -1])
def test_a_changed_seal_does_not_open(position):
    sealer = Sealer({1: OLD}, 1)
    sealed = bytearray(sealer.seal("p-1", "row"))
    sealed[position] ^= 1
    with pytest.raises(FailedPrecondition):
        sealer.open(bytes(sealed), "row")


def test_older_seals_open_after_a_rotation_as_long_as_their_key_is_there():
    sealed = Sealer({1: OLD}, 1).seal("p-1", "row")
    assert Sealer({1: OLD, 2: NEW}, 2).open(sealed, "row") == "p-1"
    with pytest.raises(FailedPrecondition, match="TTA_SEAL_KEY"):
        Sealer({2: NEW}, 2).open(sealed, "row")


def test_an_older_seal_is_renewed_and_no_other():
    old, both = Sealer({1: OLD}, 1), Sealer({1: OLD, 2: NEW}, 2)
    renewed = both.renew(old.seal("p-1", "row"), "row")
    assert Sealer({2: NEW}, 2).open(renewed, "row") == "p-1"
    assert both.renew(renewed, "row") == renewed
    assert Sealer({1: OLD, 2: NEW}, 1).renew(renewed, "row") == renewed


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x01short"])
def test_garbage_is_no_seal(sealed):
    with pytest.raises(FailedPrecondition):
        Sealer({1: OLD}, 1).open(sealed, "row")

import pytest

from mesh.paging import decode_token, encode_token, filter_hash, key_tokens, page_size
from mesh.refusal import InvalidArgument

QUESTION = filter_hash("ListAlerts", states=["open"], order="newest")


def test_a_token_leads_back_to_its_position():
    position = {"after": 17, "id": "ä", "score": 0.5, "none": None}
    assert decode_token(encode_token(position, QUESTION), QUESTION) == position


def test_without_a_token_the_list_begins():
    assert decode_token("", QUESTION) is None


def test_a_token_of_another_question_is_refused():
    other = filter_hash("ListAlerts", states=["resolved"], order="newest")
    with pytest.raises(InvalidArgument) as refusal:
        decode_token(encode_token({"after": 17}, other), QUESTION)
    assert refusal.value.violations[0].field == "page_token"


@pytest.mark.parametrize("token", ["x", "a!b", "ünsinn", "AAAA", "=" * 40])
def test_a_made_up_token_is_refused(token):
    with pytest.raises(InvalidArgument):
        decode_token(token, QUESTION)


def test_a_cut_token_is_refused():
    with pytest.raises(InvalidArgument):
        decode_token(encode_token({"after": 17}, QUESTION)[:-4], QUESTION)


def test_the_order_of_filters_does_not_matter_and_their_values_do():
    assert filter_hash("L", a=1, b=2) == filter_hash("L", b=2, a=1)
    assert filter_hash("L", a=1, b=2) != filter_hash("L", a=2, b=1)
    assert filter_hash("L", a=1) != filter_hash("M", a=1)


def test_page_sizes_have_a_default_and_bounds():
    assert [page_size(size) for size in (0, 1, 1000)] == [50, 1, 1000]
    for size in (-1, 1001):
        with pytest.raises(InvalidArgument):
            page_size(size)


def test_a_token_made_without_the_process_s_secret_is_refused():
    forged = encode_token({"after": -1}, QUESTION)
    key_tokens(b"secret" * 6)
    try:
        with pytest.raises(InvalidArgument):
            decode_token(forged, QUESTION)
    finally:
        key_tokens(b"")

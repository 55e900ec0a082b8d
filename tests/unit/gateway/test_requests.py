import json
from datetime import UTC, datetime
from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict

from gateway.transcoding.bindings import Binding
from gateway.transcoding.mismatch import Mismatch
from gateway.transcoding.rendering import dumps


@pytest.fixture
def read(bound: dict[str, Binding]) -> Any:
    def request(route: str, body: Any = None, query: str = "", **values: str) -> dict[str, Any]:
        binding = bound[route]
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        message = binding.message(binding.request(values, query.encode(), raw))
        out: dict[str, Any] = MessageToDict(message, preserving_proto_field_name=True)
        return out

    return request


def wrong(read: Any, *args: Any, **kwargs: Any) -> dict[str, str]:
    with pytest.raises(Mismatch) as caught:
        read(*args, **kwargs)
    return {each.field: each.rule for each in caught.value.violations}


FIND, SEND, PUT, LEGACY = "GET /api/v1/parcels", "POST /api/v1/parcels/{parcel_id}:send", (
    "PUT /api/v1/parcels/{parcel_id}"
), "POST /legacy"  # fmt: skip


def test_query_parameters_reach_nested_repeated_and_typed_fields(read: Any):
    out = read(FIND, query="page_size=5&speeds=slow&speeds=very_fast&window.days=7&open=true&least=1e2&label=a%20b")
    assert out == {
        "page_size": 5,
        "speeds": ["PARCEL_SPEED_SLOW", "PARCEL_SPEED_VERY_FAST"],
        "window": {"days": 7},
        "open": True,
        "least": 100.0,
        "label": "a b",
    }


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-01-31T12:00:00", "2026-01-31T12:00:00Z"),
        ("2026-01-31T12:00:00Z", "2026-01-31T12:00:00Z"),
        ("2026-01-31T12:00:00+02:00", "2026-01-31T10:00:00Z"),
        ("2026-01-31T12:00:00%2B02:00", "2026-01-31T10:00:00Z"),
        ("2026-01-31", "2026-01-31T00:00:00Z"),
    ],
)
def test_naive_times_are_utc_and_offsets_are_heeded(read: Any, text: str, utc: str):
    assert read(FIND, query=f"window.since={text}") == {"window": {"since": utc}}


def test_an_empty_parameter_is_an_absent_one(read: Any):
    assert read(FIND, query="page_size=&speeds=&label=") == {}


@pytest.mark.parametrize(
    ("query", "field", "rule"),
    [
        ("page_size=ten", "page_size", "integer"),
        ("page_size=2147483648", "page_size", "integer"),
        ("page_size=1.5", "page_size", "integer"),
        ("page_size=1&page_size=2", "page_size", "repeated"),
        ("speeds=SLOW", "speeds", "enum"),
        ("open=yes", "open", "bool"),
        ("least=nan", "least", "number"),
        ("least=1e999", "least", "number"),
        ("window.since=yesterday", "window.since", "timestamp"),
        ("window.since=2026-02-31", "window.since", "timestamp"),
        ("window=1", "window", "unknown"),
        ("nothing=1", "nothing", "unknown"),
        ("label=%ff", "query", "query"),
    ],
)
def test_a_wrong_parameter_is_named(read: Any, query: str, field: str, rule: str):
    assert rule in wrong(read, FIND, query=query).values() or field == "query"
    assert field == "query" or field in wrong(read, FIND, query=query)


def test_the_predecessor_s_paths_skip_parameters_they_do_not_know(read: Any):
    assert read("GET /parcels", query="nothing=1&page_size=3") == {"page_size": 3}


def test_a_body_fills_the_request_and_the_path_fills_its_variable(read: Any):
    assert read(SEND, {"speed": "slow"}, parcel_id="p-1") == {"parcel_id": "p-1", "speed": "PARCEL_SPEED_SLOW"}
    assert read(SEND, {"parcel_id": "p-1"}, parcel_id="p-1") == {"parcel_id": "p-1"}
    assert wrong(read, SEND, {"parcel_id": "p-2"}, parcel_id="p-1") == {"parcel_id": "path"}


def test_an_empty_body_is_an_empty_object(read: Any):
    assert read(SEND, b"", parcel_id="p-1") == {"parcel_id": "p-1"}


def test_a_named_body_fills_its_field_and_the_rest_comes_from_the_query(read: Any):
    out = read(PUT, {"label": "x"}, query="dry=true", parcel_id="p-1")
    assert out == {"parcel_id": "p-1", "parcel": {"label": "x"}, "dry": True}
    assert wrong(read, PUT, {"nothing": 1}, parcel_id="p-1") == {"parcel.nothing": "unknown"}
    assert wrong(read, PUT, {}, query="parcel.label=x", parcel_id="p-1") == {"parcel.label": "unknown"}


def test_v1_refuses_unknown_fields_and_the_predecessor_s_paths_tolerate_them(read: Any):
    assert wrong(read, SEND, {"nothing": 1, "speed": "slow"}, parcel_id="p") == {"nothing": "unknown"}
    assert read(LEGACY, {"nothing": 1, "label": "x"}) == {"label": "x"}


def test_the_predecessor_s_paths_take_numbers_written_as_strings(read: Any):
    assert read(LEGACY, {"weight_grams": "5", "value_euros": "2.5"}) == {"weight_grams": "5", "value_euros": 2.5}
    assert wrong(read, PUT, {"weight_grams": "5"}, parcel_id="p") == {"parcel.weight_grams": "integer"}


def test_null_is_absent(read: Any):
    assert read(LEGACY, {"label": None, "value_euros": None, "parts": None}) == {}


def test_everything_that_is_wrong_is_reported_with_its_index(read: Any):
    parts = [{"weight_grams": 1}, {"weight_grams": "x", "speed": "late"}, {"sent_at": 5, "stamps": -1}]
    assert wrong(read, LEGACY, {"parts": parts, "label": 7}) == {
        "parts[1].weight_grams": "integer",
        "parts[1].speed": "enum",
        "parts[2].sent_at": "timestamp",
        "parts[2].stamps": "integer",
        "label": "string",
    }


@pytest.mark.parametrize(
    "body", [b"{", b"[1]", b'"x"', b"\xff", b'{"label": "\\ud800"}', b"nul", b'{"value_euros": NaN}']
)
def test_a_body_that_is_no_json_object_is_refused(read: Any, body: bytes):
    assert set(wrong(read, LEGACY, body)) == {""}


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("weight_grams", True, "integer"),
        ("weight_grams", 1.5, "integer"),
        ("weight_grams", 2**63, "integer"),
        ("value_euros", True, "number"),
        ("open", 1, "bool"),
        ("speed", 1, "enum"),
        ("speed", "unspecified", "enum"),
        ("offered", "slow", "array"),
        ("counts", [], "object"),
        ("notes", 3, "object"),
        ("took", 5, "duration"),
        ("seal", "***", "bytes"),
        ("parts", [3], "object"),
    ],
)
def test_a_value_of_another_type_is_refused(read: Any, field: str, value: Any, rule: str):
    assert rule in wrong(read, LEGACY, {field: value}).values()


def test_members_of_one_choice_exclude_each_other(read: Any):
    assert wrong(read, LEGACY, {"person": "a", "place": "b"}) == {"place": "oneof"}


def test_whole_floats_are_integers_and_bytes_may_be_url_safe(read: Any):
    out = read(LEGACY, {"weight_grams": 5.0, "seal": "_w", "took": "-1.5s", "sent_at": "2026-01-01T00:00:00.5"})
    assert out == {"weight_grams": "5", "seal": "/w==", "took": "-1.500s", "sent_at": "2026-01-01T00:00:00.500Z"}


def test_free_json_is_taken_as_it_is_but_not_endlessly_deep(read: Any):
    assert read(LEGACY, {"notes": {"a": [1, None, {"b": "c"}]}, "anything": [1, "x"]}) == {
        "notes": {"a": [1.0, None, {"b": "c"}]},
        "anything": [1.0, "x"],
    }
    deep: Any = 1
    for _ in range(40):
        deep = [deep]
    assert wrong(read, LEGACY, {"notes": {"a": deep}}) == {"notes": "depth"}


def test_a_message_round_trips_through_its_json(bound: dict[str, Binding]):
    binding = bound[LEGACY]
    values = {
        "weight_grams": 5, "value_euros": 2.5, "label": "x", "speed": "slow", "offered": ["very_fast"],
        "sent_at": "2026-01-31T12:00:00.000001Z", "parts": [], "counts": {"a": 1}, "named": {}, "notes": {"k": 1},
        "seal": "/wA=", "ratio": 0.5, "took": "1.5s", "person": "me", "open": True, "stamps": 1, "anything": {},
    }  # fmt: skip
    body = json.dumps(values).encode()
    assert json.loads(dumps(binding.render(binding.message(binding.request({}, b"", body))))) == values
    assert datetime.fromisoformat(values["sent_at"]).tzinfo == UTC  # type: ignore[arg-type]

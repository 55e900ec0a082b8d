import json
from datetime import UTC, datetime
from typing import Any

import pytest
from google.protobuf.message import Message

from gateway.transcoding.bindings import Binding
from gateway.transcoding.rendering import dumps, renderer


@pytest.fixture
def render(bound: dict[str, Binding]) -> Any:
    call = bound["POST /legacy"].call

    def rendered(**values: Any) -> dict[str, Any]:
        message: Message = call.request_class(**values)
        answer: dict[str, Any] = json.loads(dumps(renderer(call.response)(message)))
        return answer

    return rendered


def test_an_empty_message_prints_what_is_always_there_and_omits_what_may_be_missing(render: Any):
    assert render() == {
        "weight_grams": 0,
        "label": "",
        "offered": [],
        "parts": [],
        "counts": {},
        "named": {},
        "notes": {},
        "seal": "",
        "ratio": 0.0,
        "open": False,
        "stamps": 0,
    }


def test_wide_integers_are_numbers(render: Any):
    assert render(weight_grams=2**60)["weight_grams"] == 2**60


def test_enum_values_have_their_short_name_in_lower_case_and_the_unspecified_one_is_omitted(render: Any):
    out = render(speed="PARCEL_SPEED_VERY_FAST", offered=["PARCEL_SPEED_SLOW"])
    assert (out["speed"], out["offered"]) == ("very_fast", ["slow"])
    assert "speed" not in render()


def test_an_enum_value_of_a_newer_service_is_its_number(render: Any):
    assert render(speed=99)["speed"] == 99


def test_a_field_with_presence_is_printed_once_it_is_set_even_to_its_default(render: Any):
    assert render(value_euros=0.0)["value_euros"] == 0.0
    assert render(extras={})["extras"] == {}
    assert render(place="")["place"] == ""


def test_times_are_in_utc_with_a_z(render: Any):
    assert render(sent_at=datetime(2026, 1, 31, 12, tzinfo=UTC))["sent_at"] == "2026-01-31T12:00:00Z"
    assert render(sent_at=datetime(2026, 1, 31, 12, 0, 0, 1500, tzinfo=UTC))["sent_at"] == "2026-01-31T12:00:00.001500Z"
    assert render(sent_at={"seconds": -1})["sent_at"] == "1969-12-31T23:59:59Z"


@pytest.mark.parametrize(
    ("seconds", "nanos", "text"), [(1, 500_000_000, "1.5s"), (0, 0, "0s"), (-1, -1, "-1.000000001s"), (90, 0, "90s")]
)
def test_durations_are_seconds(render: Any, seconds: int, nanos: int, text: str):
    assert render(took={"seconds": seconds, "nanos": nanos})["took"] == text


def test_maps_nested_messages_and_bytes(render: Any):
    out = render(counts={"a": 1}, named={"x": {"label": "deep"}}, parts=[{"weight_grams": 3}], seal=b"\xff\x00")
    assert out["counts"] == {"a": 1}
    assert out["named"]["x"]["label"] == "deep"
    assert out["parts"][0]["weight_grams"] == 3
    assert out["seal"] == "/wA="


def test_free_json_comes_back_as_it_was_with_whole_numbers_whole(render: Any):
    free = {"a": 1, "b": [1.5, None, True, "x", {"c": {}}]}
    assert render(notes=free)["notes"] == free
    assert dumps(renderer_of(render, free)) == b'{"a":1}'


def renderer_of(render: Any, _: Any) -> Any:
    return render(notes={"a": 1.0})["notes"]


def test_a_32_bit_float_has_its_shortest_decimal(render: Any):
    assert render(ratio=0.1)["ratio"] == 0.1


def test_a_number_that_is_not_finite_is_null(render: Any):
    assert render(value_euros=float("nan"))["value_euros"] is None

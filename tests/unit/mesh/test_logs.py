import json
import logging

import pytest

from mesh.logs import JsonFormatter
from mesh.trace import enter_trace


@pytest.fixture
def line():
    """A function that logs as some logger would and returns the line."""
    formatter = JsonFormatter("monitoring")

    def formatted(name, message, *arguments, error=None, **extra):
        logger = logging.getLogger(name)
        info = (type(error), error, error.__traceback__) if error else None
        record = logger.makeRecord(name, logging.WARNING, __file__, 7, message, arguments, info, extra=extra)
        return json.loads(formatter.format(record))

    return formatted


def test_a_line_tells_event_process_level_and_listed_fields(line):
    written = line("monitoring_svc.alerts", "alert_fired", alert_id="a1", severity="high")
    assert written["event"] == "alert_fired"
    assert (written["process"], written["level"], written["logger"]) == (
        "monitoring",
        "warning",
        "monitoring_svc.alerts",
    )
    assert (written["alert_id"], written["severity"]) == ("a1", "high")


def test_the_trace_of_the_running_call_is_told(line):
    trace = enter_trace("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
    assert trace == "4bf92f3577b34da6a3ce929d0e0e4736"
    assert line("mesh", "event")["trace_id"] == trace


def test_fields_that_are_not_listed_never_leave(line):
    written = line("mesh", "event", user_id="p-77", player_id="p-77", text="help me", rows=3, severity=["p-77"])
    assert "p-77" not in json.dumps(written)
    assert "help me" not in json.dumps(written)
    assert (written["rows"], written["left_out"]) == (3, 4)


def test_arguments_are_never_formatted_into_the_message(line):
    assert line("sqlalchemy.pool", "lost %s of %s", "p-77", "player")["event"] == "lost %s of %s"


def test_a_message_that_a_library_put_together_is_told_by_its_place_only(line):
    assert line("some.library", "could not mail p-77@example.org")["event"] == "test_logs:7"


def test_an_error_is_told_by_type_frames_and_causes_not_by_its_words(line):
    def fail():
        try:
            raise KeyError("p-77")
        except KeyError as cause:
            raise ValueError("p-77 said: help") from cause

    with pytest.raises(ValueError, match="help") as caught:
        fail()
    written = line("mesh", "incident", error=caught.value)
    assert "p-77" not in json.dumps(written)
    assert (written["error_type"], written["causes"]) == ("ValueError", ["KeyError"])
    assert written["frames"][-1].endswith(" fail")


def test_an_over_long_value_is_left_out(line):
    assert "reason" not in line("mesh", "event", reason="x" * 201)

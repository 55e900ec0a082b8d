"""A message that tells of many alerts stays one that every receiver takes."""

from datetime import UTC, datetime

import orjson

from monitoring_svc.domain.delivery import MOST_LINES, Delivery, told_together
from monitoring_svc.domain.routing import Channel

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)


def queued(number: int) -> Delivery:
    content = {
        "alert_id": f"a{number}",
        "severity": "high",
        "title": "Low sentiment",
        "triggered_at": NOW.isoformat(),
        "message": "not told of others",
    }
    return Delivery(f"d{number}", Channel.SLACK, NOW, NOW, content=content)


def test_every_alert_is_counted_and_the_first_are_named() -> None:
    content = told_together(queued(0).content, [queued(1), queued(2)])
    content = told_together(content, [queued(3)])
    assert [line["alert_id"] for line in content["others"]] == ["a1", "a2", "a3"]
    assert set(content["others"][0]) == {"alert_id", "severity", "title", "triggered_at"}
    assert content["others_count"] == 3
    assert content["alert_id"] == "a0"


def test_a_storm_of_ten_thousand_stays_a_short_message() -> None:
    content = dict(queued(0).content)
    for start in range(1, 10_001, 500):
        content = told_together(content, [queued(number) for number in range(start, start + 500)])
    assert (len(content["others"]), content["others_count"]) == (MOST_LINES, 10_000)
    assert len(orjson.dumps(content)) < 20_000


def test_a_message_from_before_the_count_was_kept_is_counted_by_its_lines() -> None:
    content = told_together(queued(0).content, [queued(1)])
    del content["others_count"]
    assert told_together(content, [queued(2)])["others_count"] == 2

from datetime import UTC, datetime

from mesh.interceptors.call import Call
from mesh.interceptors.refusals import RefusalCount, RefusalCounter

REVEAL = Call("/tta.analytics.v1.AlertService/RevealAlertSubject", "AlertService", "RevealAlertSubject", False)
NAME = "AlertService/RevealAlertSubject"


class Clock:
    seconds = 60.0

    def __call__(self):
        return self.seconds


def minute(number):
    return datetime.fromtimestamp(60 * number, UTC)


def test_a_scan_is_one_count_a_minute():
    clock = Clock()
    counter = RefusalCounter(clock)
    for _ in range(1000):
        counter.count("scanner", REVEAL, "permission_missing")
    assert counter.take() == []
    clock.seconds = 120.0
    counter.count("scanner", REVEAL, "permission_missing")
    assert counter.take() == [RefusalCount("scanner", NAME, "permission_missing", minute(1), 1000)]
    assert counter.take(everything=True) == [RefusalCount("scanner", NAME, "permission_missing", minute(2), 1)]


def test_what_could_not_be_written_down_is_counted_again():
    counter = RefusalCounter(Clock())
    counter.count("scanner", REVEAL, "permission_missing")
    taken = counter.take(everything=True)
    counter.put_back(taken)
    counter.count("scanner", REVEAL, "permission_missing")
    assert [count.count for count in counter.take(everything=True)] == [2]


def test_a_flood_of_names_takes_bounded_memory():
    counter = RefusalCounter(Clock())
    for number in range(10_500):
        counter.count(f"caller {number}", REVEAL, "token_invalid")
    counts = counter.take(everything=True)
    assert len(counts) == 10_001
    assert next(count.count for count in counts if count.caller == "others") == 500

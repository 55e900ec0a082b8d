"""What a crisis worker does in tests that break it; light to import, as the worker's process does."""

import time
from collections.abc import Sequence

from monitoring_svc.adapters.crisis_worker import Answer, Outcome


def too_slow(messages: Sequence[str]) -> Answer:
    """Answer long after every deadline."""
    time.sleep(30)
    return Answer(Outcome.DECIDED)


def raising(messages: Sequence[str]) -> Answer:
    """Break in a way that nobody foresaw."""
    raise ArithmeticError("whatever breaks")

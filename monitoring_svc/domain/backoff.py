"""How long to wait before a message is tried again."""

import random
from datetime import datetime, timedelta

BASE_SECONDS = 1.0
CAP_SECONDS = 60.0
URGENT_CAP_SECONDS = 15.0
"""Cap of what tells of a safety concern: a mail server that comes back is tried at once."""


def retry_at(now: datetime, attempts: int, *, urgent: bool, chance: random.Random) -> datetime:
    """Return the time of the next attempt: exponential with full jitter over its upper half, capped.

    `attempts` counts those made, from 1. Source: exponential backoff with "equal jitter".
    """
    cap = URGENT_CAP_SECONDS if urgent else CAP_SECONDS
    ceiling = min(cap, BASE_SECONDS * 2.0 ** min(attempts - 1, 30))
    return now + timedelta(seconds=ceiling * (0.5 + chance.random() / 2))

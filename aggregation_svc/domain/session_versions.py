"""Which of two contents of one session stands."""

from enum import Enum
from typing import NamedTuple


class StoredSession(NamedTuple):
    """What is stored of a session, as far as it matters here. Times in microseconds since 1970."""

    subject_id: int
    session_id: int
    started_at: int
    updated_at: int | None
    digest: int


class Verdict(Enum):
    """What to do with a session that is known with another content, or with another `updated_at`."""

    TOUCH = "touch"
    """The same content, confirmed later: keep the later time."""
    REPLACE = "replace"
    """The new content is newer."""
    SUPERSEDED = "superseded"
    """The stored content is newer."""
    CONTRADICTS = "contradicts"
    """Nothing says which is newer."""
    CLOSED = "closed"
    """The new content is newer, but the session's period is closed."""


def judge(stored: StoredSession, updated_at: int | None, digest: int, *, closed: bool) -> Verdict:
    """Return what becomes of content that arrives for a stored session; `closed` says that its period is."""
    if digest == stored.digest:
        return Verdict.TOUCH
    if updated_at is None or updated_at == stored.updated_at:
        return Verdict.CONTRADICTS
    if stored.updated_at is not None and updated_at < stored.updated_at:
        return Verdict.SUPERSEDED
    return Verdict.CLOSED if closed else Verdict.REPLACE


EXPLAINED = {
    Verdict.CONTRADICTS: (
        "already_exists",
        "is stored with other content; send a newer updated_at to replace it, or another session_id",
    ),
    Verdict.CLOSED: ("period_closed", "is stored with other content and its period is closed; it stays as it is"),
}
"""Rule and words for the verdicts that refuse."""

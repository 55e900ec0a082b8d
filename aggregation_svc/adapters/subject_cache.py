"""What a process remembers of subjects between messages, so that the same players are not looked up again and again.

It holds while no subject was changed: each transaction reads the count of changes under the lock that changes take
alone, and an older memory is dropped. So consent that was withdrawn a moment ago is never overlooked.
"""

from collections.abc import Collection, Mapping
from itertools import islice

from aggregation_svc.domain.consent import Consent
from aggregation_svc.ports import Subject

CAPACITY = 65_536
"""Subjects remembered, at most: about 20 MB. The oldest go first."""


class SubjectCache:
    """Known subjects by canonical id, in memory only."""

    def __init__(self) -> None:
        """Start with nothing."""
        self._subjects: dict[str, tuple[int, bool, bool, int | None]] = {}
        # Plain tuples: the garbage collector looks at them once, not at every full collection.
        self._changes = -1
        self.all_new = True
        """Whether the last message of sessions held no repeats."""

    def known(self, canonical_ids: Collection[str], changes: int) -> dict[str, Subject]:
        """Return those remembered, if nothing was changed since."""
        held = self.held(changes)
        found = ((one, held.get(one)) for one in canonical_ids)
        return {one: Subject(row[0], Consent(*row[1:])) for one, row in found if row is not None}

    def held(self, changes: int) -> Mapping[str, tuple[int, bool, bool, int | None]]:
        """Return all that are remembered, if nothing was changed since: subject_id, analytics, research, changed_at."""
        return self._subjects if changes == self._changes else {}

    def keep(self, subjects: Mapping[str, Subject], changes: int) -> None:
        """Remember what a committed transaction read while the count of changes was this one."""
        if not subjects:
            return
        if changes != self._changes:
            self._subjects, self._changes = {}, changes
        for one, subject in subjects.items():
            consent = subject.consent
            self._subjects[one] = (subject.subject_id, consent.analytics, consent.research, consent.changed_at)
        for oldest in list(islice(self._subjects, max(len(self._subjects) - CAPACITY, 0))):
            del self._subjects[oldest]

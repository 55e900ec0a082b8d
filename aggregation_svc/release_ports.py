"""What releases need from outside."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from aggregation_svc.domain.bounded import BoundedSums
from aggregation_svc.domain.inline_batch import InlineRecord
from aggregation_svc.domain.patterns.kinds import PatternKind
from aggregation_svc.domain.patterns.release import BoundedRows
from aggregation_svc.domain.patterns.segmentation import Segmentation
from aggregation_svc.domain.periods import Grain, Period
from aggregation_svc.domain.privacy.release import Terms
from aggregation_svc.domain.privacy.retention import RetentionStatistics
from aggregation_svc.domain.release_statistics import Statistics
from aggregation_svc.domain.releases import Account, Answer, Charge, Kind, Question, Release
from aggregation_svc.ports import Act, Facts
from aggregation_svc.ports import Question as Request


@dataclass(frozen=True, slots=True)
class ReleaseFilter:
    """Which releases; None does not restrict."""

    kind: Kind | None = None
    """None: all but inline batches."""
    grain: Grain | None = None
    since: datetime | None = None
    """Periods that start then or later."""
    until: datetime | None = None
    """Periods that start before."""


@dataclass(frozen=True, slots=True)
class ChargeFilter:
    """Which entries of the ledger; None does not restrict."""

    kind: Kind | None = None
    since: datetime | None = None
    """Charged then or later."""
    until: datetime | None = None
    """Charged before."""
    before: int | None = None
    """Entries older than this one, by its number."""


Recording = Callable[[Facts], Awaitable[None]]
"""Stores facts in a transaction that is open."""


@dataclass(frozen=True, slots=True)
class Computed:
    """An answer that is not settled yet."""

    answer: Answer
    record: Recording | None = None
    """What is stored with it."""


class Releases(Protocol):
    """The store of releases and of the account that pays for them."""

    async def now(self) -> datetime:
        """Return the database's clock."""
        ...

    async def account(self) -> Account:
        """Return the account as it stands, with the charges of its window."""
        ...

    async def require_room(self, micro: int) -> None:
        """Refuse with ResourceExhausted, and with what would fit instead, where a charge would pass the cap."""
        ...

    async def find(self, question: Question) -> Release | None:
        """Return the answer to a question, with its cells."""
        ...

    async def get(self, release_id: str) -> Release | None:
        """Return a release with its cells."""
        ...

    async def last_revision(self, question: Question) -> int | None:
        """Return the highest revision of the question's period that is answered."""
        ...

    async def listed(self, which: ReleaseFilter) -> Sequence[Release]:
        """Return releases without their cells, by their place, the highest first."""
        ...

    async def settle(
        self, question: Question, answer: Answer, actor: str, act: Act, record: Recording | None = None
    ) -> Release:
        """Charge and store an answer: ledger, audit entry and release in one transaction under the account's lock.

        What `record` stores is part of that transaction. Returns the release that answers the question: this one, or
        the one that a concurrent request stored first; then nothing is charged and nothing is recorded.

        Raises:
            ResourceExhausted: the charge would pass the cap; nothing is stored.
            Aborted: another writer of facts got in the way; nothing is stored.
        """
        ...

    async def tie(self, request: Request) -> None:
        """Tie a request's id to its content for 24 hours.

        Raises:
            AlreadyExists: the id is tied to another content.
        """
        ...

    async def raise_cap(self, cap_micro: int, actor: str, purpose: str, act: Act, request: Request | None) -> Account:
        """Raise the cap, once for a repeated request.

        Raises:
            InvalidArgument: it is not above the present one.
            AlreadyExists: the request's id was used for another one.
        """
        ...

    async def charges(self, which: ChargeFilter, limit: int) -> Sequence[Charge]:
        """Return at most `limit` charges, newest first."""
        ...


class PeriodFacts(Protocol):
    """The facts of a period, bounded."""

    async def sums(self, period: Period) -> BoundedSums:
        """Return the bounded sums of the period's consented players."""
        ...

    async def retention(self, period: Period, weeks: int) -> Sequence[int]:
        """Return the consented players whose first session lies in the period, then the active ones by own week."""
        ...

    async def rows(self, period: Period) -> BoundedRows:
        """Return one bounded row for each of the period's consented players."""
        ...

    async def both(self, period: Period) -> tuple[BoundedSums, BoundedRows]:
        """Return sums and rows; of the same facts where these can be made to stand still, else sums are read first."""
        return await self.sums(period), await self.rows(period)


class Mechanism(Protocol):
    """Where private statistics are computed."""

    async def patterns(self, rows: BoundedRows, micro: int, grain: Grain) -> Mapping[PatternKind, Segmentation]:
        """Segment a period's players off the event loop.

        Raises:
            CompositionError: what was measured is not what is charged.
        """
        ...

    async def statistics(self, sums: BoundedSums, terms: Terms) -> Statistics:
        """Compute a release's statistics off the event loop.

        Raises:
            CompositionError: what was measured is not what the plan charges.
        """
        ...

    async def batch(self, players: Sequence[Sequence[InlineRecord]], terms: Terms) -> Statistics:
        """Bound the records of each player of an inline batch, and compute its statistics; raises as `statistics`."""
        ...

    async def retention(self, counts: Sequence[int], micro: int) -> RetentionStatistics:
        """Compute a retention release's statistics off the event loop; raises as `statistics`."""
        ...

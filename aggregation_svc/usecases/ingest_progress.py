"""Progress snapshots and outcomes in: each request all or nothing, the same fact counts once."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from datetime import datetime

from aggregation_svc.domain.facts import Outcome, ProgressSnapshot, text_violations
from aggregation_svc.domain.ingest_summary import IngestSummary
from aggregation_svc.domain.keyed_hash import KeyedHash
from aggregation_svc.domain.moments import Plausible, micros
from aggregation_svc.ports import Actor, Canonical, Clock, Facts, Question, Row, Store
from aggregation_svc.usecases.admitted import CanonicalIds, ConsentBasis, admitted, refuse, require_right_to_assert
from mesh.refusal import Violation


class IngestMoments:
    """Store facts of a moment: a fact is the same where all of it is."""

    def __init__(
        self, store: Store, hashes: KeyedHash, canonical: Canonical, clock: Clock, *, anyone_may_assert: bool
    ) -> None:
        """Store into `store`."""
        self._store, self._hashes, self._canonical, self._clock = store, hashes, canonical, clock
        self._anyone_may_assert = anyone_may_assert

    async def progress(
        self, actor: Actor, snapshots: Sequence[ProgressSnapshot], basis: ConsentBasis, request_id: str = ""
    ) -> IngestSummary:
        """Store progress snapshots.

        Raises:
            InvalidArgument: with every violation; nothing is stored.
            FailedPrecondition: the actor may not vouch for consent.
        """
        return await self._ingest(actor, "snapshots", snapshots, basis, request_id)

    async def outcomes(
        self, actor: Actor, outcomes: Sequence[Outcome], basis: ConsentBasis, request_id: str = ""
    ) -> IngestSummary:
        """Store outcomes; raises as `progress`."""
        return await self._ingest(actor, "outcomes", outcomes, basis, request_id)

    async def progress_within(
        self, work: Facts, actor: Actor, snapshots: Sequence[ProgressSnapshot], basis: ConsentBasis
    ) -> IngestSummary:
        """Store progress snapshots in a transaction that is already open; raises as `progress`."""
        require_right_to_assert(actor, basis, open_to_all=self._anyone_may_assert)
        now = self._clock()
        return await self._admit(work, actor, "snapshots", self._rows("snapshots", snapshots, now), basis, now)

    async def _ingest(
        self,
        actor: Actor,
        path: str,
        facts: Sequence[ProgressSnapshot | Outcome],
        basis: ConsentBasis,
        request_id: str,
    ) -> IngestSummary:
        require_right_to_assert(actor, basis, open_to_all=self._anyone_may_assert)
        now = self._clock()
        rows = self._rows(path, facts, now)
        question = None
        if request_id:
            # Vouching changes what becomes of the same facts.
            content: object = rows if basis is ConsentBasis.REQUIRED else (basis.value, rows)
            question = Question(actor.name, path, request_id, self._hashes.request(repr(content)))
        async with self._store.facts() as work:
            if question and (answer := await work.replayed(question)) is not None:
                return IngestSummary(**answer)
            summary = await self._admit(work, actor, path, rows, basis, now)
            if question:
                await work.remember(question, asdict(summary))
        return summary

    def _rows(self, path: str, facts: Sequence[ProgressSnapshot | Outcome], now: datetime) -> list[tuple[str, Row]]:
        """Return each fact with its player's canonical id; raises InvalidArgument with every violation."""
        plausible = Plausible(now)
        canonical = CanonicalIds(self._canonical, path)
        violations: list[Violation] = []
        rows: list[tuple[str, Row]] = []
        for index, fact in enumerate(facts):
            user = canonical.of(index, fact.user_id)
            if fact.recorded_at not in plausible:
                violations.append(plausible.violation(fact.recorded_at, f"{path}[{index}].recorded_at"))
            if isinstance(fact, Outcome):
                violations += text_violations(fact.instrument, f"{path}[{index}].instrument")
            rows.append((user, (fact.recorded_at, self._hashes.content(fact[1:]), *fact[2:])))
        refuse(canonical.violations + violations)
        return rows

    async def _admit(
        self,
        work: Facts,
        actor: Actor,
        path: str,
        rows: Sequence[tuple[str, Row]],
        basis: ConsentBasis,
        now: datetime,
    ) -> IngestSummary:
        subjects = await admitted(work, actor, {user for user, _ in rows}, basis, micros(now))
        distinct = {(subjects[user], *row, micros(now)) for user, row in rows if user in subjects}
        welcome = sum(user in subjects for user, _ in rows)
        stored = await _adder(work, path)(sorted(distinct, key=lambda row: row[:3]))
        return IngestSummary(received=len(rows), stored=stored, unchanged=welcome - stored, refused=len(rows) - welcome)


def _adder(work: Facts, path: str) -> Callable[[Sequence[Row]], Awaitable[int]]:
    return work.add_snapshots if path == "snapshots" else work.add_outcomes

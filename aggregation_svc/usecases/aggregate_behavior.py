"""Aggregate behaviour inline: record a batch like any ingest, and answer private statistics of the batch alone."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from aggregation_svc.domain import inline_batch
from aggregation_svc.domain.facts import ProgressSnapshot, Session
from aggregation_svc.domain.inline_batch import LEVEL_EPSILON_MICRO, MOST_VIOLATIONS, InlineRecord, NamedSessions
from aggregation_svc.domain.keyed_hash import KeyedHash
from aggregation_svc.domain.moments import Plausible, micros
from aggregation_svc.domain.periods import Grain
from aggregation_svc.domain.privacy.accountant import MICRO
from aggregation_svc.domain.release_plan import Level, ReleasePlan, inline_plan
from aggregation_svc.domain.releases import Kind, Question, Release
from aggregation_svc.ports import Actor, Canonical, Clock, Facts, Store
from aggregation_svc.release_ports import Computed, Mechanism, Recording, Releases
from aggregation_svc.usecases.admitted import ConsentBasis, welcome
from aggregation_svc.usecases.answered_once import AnsweredOnce
from aggregation_svc.usecases.create_release import ReleaseTerms, answer_of
from aggregation_svc.usecases.ingest_progress import IngestMoments
from aggregation_svc.usecases.ingest_room import IngestRoom
from aggregation_svc.usecases.ingest_sessions import TURN, IngestSessions, Message
from aggregation_svc.usecases.turns import Turns
from mesh.refusal import InvalidArgument, PermissionDenied, Violation


@dataclass(frozen=True, slots=True)
class Aggregated:
    """The answer to a batch."""

    release: Release
    total_users: int
    """Distinct ids of the request, whoever they are."""
    left_out: Sequence[Violation]
    answered_at: datetime

    @property
    def cohorts(self) -> int:
        """Cohorts of the answer whose noisy count of players tells them from nothing."""
        return sum(
            cell.level is Level.COHORT and not cell.hidden and not cell.uninformative
            for cell in self.release.answer.cells
        )


@dataclass(frozen=True, slots=True)
class Recorder:
    """The way in that the batch shares with every ingest."""

    store: Store
    room: IngestRoom
    """Where batches wait for their answer."""
    sessions: IngestSessions
    moments: IngestMoments
    hashes: KeyedHash
    canonical: Canonical
    clock: Clock
    basis: ConsentBasis
    """How senders of batches know of consent: asserted where the setting lets all vouch."""


PART = 1000
"""Sessions of a batch that are stored in one go."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What of a request can be used, in an order that does not depend on how it was sent."""

    players: Mapping[str, Sequence[InlineRecord]]
    """Records by canonical id."""
    text: str
    """The canonical content."""


@dataclass(frozen=True, slots=True)
class Names:
    """Keyed hashes of a batch's content."""

    content: str
    """Of the content alone: ids of sessions that have none follow from it, at whatever level the batch is asked."""
    questions: Mapping[str, str]
    """Of the content with each level of privacy."""


class AggregateBehavior:
    """Answer a batch: the stored answer, or a new one that is charged at its level's epsilon."""

    def __init__(
        self, releases: Releases, mechanism: Mechanism, recorder: Recorder, terms: ReleaseTerms, once: AnsweredOnce
    ) -> None:
        """Take the ports, the way in, what the settings fix, and what answers the questions of this process."""
        self._releases, self._mechanism, self._recorder, self._terms = releases, mechanism, recorder, terms
        self._once, self._turns = once, Turns(TURN)

    async def __call__(self, actor: Actor, records: Iterable[InlineRecord], level: str, facts: int) -> Aggregated:
        """Record and answer a batch. Whether a player consented is not told by anything but the noise.

        Args:
            actor: who asks.
            records: parsed one by one, once there is room for them.
            level: of privacy.
            facts: how many records and sessions there are.

        Raises:
            PermissionDenied: an anonymous caller asks for what costs more than a release.
            InvalidArgument: no record can be used.
            ResourceExhausted: the cap would be passed, or too much waits; nothing was recorded.
        """
        require_right_to_spend(actor, LEVEL_EPSILON_MICRO[level], self._terms.plan)
        with ExitStack() as place:
            place.enter_context(self._recorder.room.held("inline", facts))
            batch, left_out, users = await self._usable(records)
            names = await asyncio.to_thread(self._names, batch.text)
            release = await self._once(
                actor,
                _question(names.questions[level]),
                lambda: self._compute(actor, batch, names, level),
                place,
                again=lambda: self._record_again(actor, batch, names),
            )
        return Aggregated(release, users, left_out, self._recorder.clock())

    async def _usable(self, records: Iterable[InlineRecord]) -> tuple[Batch, list[Violation], int]:
        """Return the batch, what is wrong with the rest, and how many distinct ids there are."""
        plausible = Plausible(self._recorder.clock())
        users: set[str] = set()
        usable: dict[str, list[tuple[str, int, InlineRecord]]] = {}
        wrong: dict[int, list[Violation]] = {}
        named = NamedSessions()
        for index, record in enumerate(records):
            users.add(record.user_id)
            found = list(islice(inline_batch.violations(record, index, plausible), MOST_VIOLATIONS))
            try:
                user = self._recorder.canonical(record.user_id)
            except InvalidArgument as error:
                found.append(Violation(f"user_data[{index}].user_id", "user_id", str(error)))
                user = ""
            if found:
                wrong[index] = found
            else:
                usable.setdefault(user, []).append((repr(record), index, record))
                named.add(user, index, record)
            await self._turns.after(1 + len(record.sessions))
        wrong |= named.contradictions()
        left_out = [violation for index in sorted(wrong) for violation in wrong[index]]
        ordered: dict[str, list[tuple[str, InlineRecord]]] = {}
        for user in sorted(usable):
            if pairs := [(text, record) for text, index, record in usable[user] if index not in wrong]:
                ordered[user] = sorted(pairs, key=lambda pair: pair[0])
        if not ordered:
            raise InvalidArgument(
                "batch_empty", "There is no usable record in user_data; nothing was charged.", violations=left_out
            )
        content = ", ".join(f"{user!r}: [{', '.join(text for text, _ in pairs)}]" for user, pairs in ordered.items())
        players = {user: [record for _, record in pairs] for user, pairs in ordered.items()}
        return Batch(players, f"{{{content}}}"), left_out, len(users)

    def _names(self, text: str) -> Names:
        """Hash the content; megabytes of it take a while."""
        hashed = self._recorder.hashes.request
        questions = {level: hashed(f"('AggregateBehavior', {level!r}, {text})").hex() for level in LEVEL_EPSILON_MICRO}
        return Names(hashed(f"('AggregateBehavior', {text})").hex(), questions)

    async def _record_again(self, actor: Actor, batch: Batch, names: Names) -> None:
        """Record a batch that is answered already, as any ingest sent again: players may have consented since."""
        record = await self._recording(actor, batch, names.content, await self._arrival(names))
        async with self._recorder.store.facts() as facts:
            await record(facts)

    async def _compute(self, actor: Actor, batch: Batch, names: Names, level: str) -> Computed:
        plan = inline_plan(LEVEL_EPSILON_MICRO[level])
        await self._once.set_aside(_question(names.questions[level]), plan.charge_micro)
        arrived = await self._arrival(names)
        record = await self._recording(actor, batch, names.content, arrived)
        async with self._recorder.store.view() as view:
            welcomed = await welcome(view, list(batch.players), self._recorder.basis)
        players = [
            records
            for user, records in batch.players.items()
            if user in welcomed and any(one.sessions or one.progress for one in records)
        ]
        statistics = await self._mechanism.batch(players, self._terms.of(Grain.MONTH, plan))
        answer = answer_of(statistics, plan, self._terms)
        return Computed(replace(answer, content={**answer.content, "arrived_at": arrived}), record)

    async def _arrival(self, names: Names) -> int:
        """Return when this content arrived first, at whatever level: what has no time is dated then."""
        found = [await self._releases.find(_question(name)) for name in names.questions.values()]
        known = [one.answer.content["arrived_at"] for one in found if one and "arrived_at" in one.answer.content]
        return min(known, default=micros(self._recorder.clock()))

    async def _recording(self, actor: Actor, batch: Batch, content: str, arrived: int) -> Recording:
        """Prepare the batch's facts to be stored with the answer."""
        recorder = self._recorder
        prepared = await recorder.sessions.prepare(_sessions(batch, content, arrived))
        snapshots = list(_snapshots(batch, arrived))

        async def record(facts: Facts) -> None:
            for part in prepared.parts(PART):
                # A refusal would tell, for nothing, that a player consented and has such a session.
                await recorder.sessions.store_within(facts, Message(actor, part, recorder.basis, keeps_stored=True))
            if snapshots:
                await recorder.moments.progress_within(facts, actor, snapshots, recorder.basis)

        return record


def require_right_to_spend(actor: Actor, micro: int, plan: ReleasePlan) -> None:
    """Raise PermissionDenied where an anonymous caller's batch costs more than a release by the plan does."""
    most = plan.cohorts_micro + plan.retention_micro
    if actor.anonymous and micro > most:
        raise PermissionDenied(
            "needs_identity",
            f"While TTA_AUTH is off, a batch costs at most epsilon {most / MICRO:g}, as a release does; "
            f"this level costs {micro / MICRO:g}. Take a more private level.",
        )


def _question(name: str) -> Question:
    return Question(Kind.INLINE, None, 0, name)


def _sessions(batch: Batch, content: str, arrived: int) -> Iterator[Session]:
    """Yield the batch's sessions. What has no time is dated on arrival, and its id follows from content and place.

    Where the same session is known from an earlier arrival, the later one is its newer version.
    """
    place = 0
    for user, records in batch.players.items():
        for record in records:
            for one in record.sessions:
                dated = one.started_at is not None
                yield Session(
                    user,
                    one.session_id or (None if dated else f"{content}:{place}"),
                    arrived if one.started_at is None else one.started_at,
                    one.duration_minutes,
                    one.interaction_count,
                    one.therapeutic_interventions_count,
                    one.progress_markers_count,
                    one.engagement_score,
                    one.sentiment_score,
                    record.therapeutic_focus,
                    record.session_frequency,
                    record.engagement_level,
                    None if dated else arrived,
                )
                place += 1


def _snapshots(batch: Batch, arrived: int) -> Iterator[ProgressSnapshot]:
    for user, records in batch.players.items():
        for record in records:
            if (stand := record.progress) is not None:
                yield ProgressSnapshot(
                    user,
                    arrived if stand.recorded_at is None else stand.recorded_at,
                    stand.overall_progress,
                    stand.goal_completion_rate,
                    stand.engagement_level or record.engagement_level,
                    stand.total_sessions,
                )

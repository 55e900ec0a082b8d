"""Aggregate behaviour inline: record a batch like any ingest, and answer private statistics of the batch alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from aggregation_svc.domain import inline_batch
from aggregation_svc.domain.bounding import bounded_sums
from aggregation_svc.domain.facts import ProgressSnapshot, Session
from aggregation_svc.domain.inline_batch import LEVEL_EPSILON_MICRO, InlineRecord, player_facts
from aggregation_svc.domain.keyed_hash import KeyedHash
from aggregation_svc.domain.moments import Plausible, micros
from aggregation_svc.domain.periods import Grain
from aggregation_svc.domain.release_plan import Level, ReleasePlan, inline_plan
from aggregation_svc.domain.releases import Answer, Kind, Question, Release
from aggregation_svc.ports import Actor, Canonical, Clock, Store
from aggregation_svc.release_ports import Mechanism, Releases
from aggregation_svc.usecases.admitted import ConsentBasis
from aggregation_svc.usecases.answered_once import AnsweredOnce
from aggregation_svc.usecases.create_release import ReleaseTerms, answer_of
from aggregation_svc.usecases.ingest_progress import IngestMoments
from aggregation_svc.usecases.ingest_room import IngestRoom
from aggregation_svc.usecases.ingest_sessions import IngestSessions, Message
from mesh.refusal import InvalidArgument, Violation


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
    sessions: IngestSessions
    moments: IngestMoments
    hashes: KeyedHash
    canonical: Canonical
    clock: Clock
    basis: ConsentBasis
    """How senders of batches know of consent: asserted where the setting lets all vouch."""


Batch = Mapping[str, Sequence[InlineRecord]]
"""Usable records by canonical id."""


class AggregateBehavior:
    """Answer a batch: the stored answer, or a new one that is charged at its level's epsilon."""

    def __init__(
        self, releases: Releases, mechanism: Mechanism, recorder: Recorder, terms: ReleaseTerms, once: AnsweredOnce
    ) -> None:
        """Take the ports, the way in, what the settings fix, and what answers the questions of this process."""
        self._releases, self._mechanism, self._recorder, self._terms = releases, mechanism, recorder, terms
        self._once = once

    async def __call__(self, actor: Actor, records: Sequence[InlineRecord], level: str) -> Aggregated:
        """Record and answer a batch. Whether a player consented is not told by anything but the noise.

        Raises:
            InvalidArgument: no record can be used.
            ResourceExhausted: the cap would be passed, or too much waits; nothing was recorded.
        """
        batch, left_out = self._usable(records)
        question = Question(Kind.INLINE, None, 0, self._hash(batch, level))
        plan = inline_plan(LEVEL_EPSILON_MICRO[level])
        held = self._recorder.room.held("inline", sum(len(one.sessions) + 1 for one in records))
        release = await self._once(actor, question, lambda: self._compute(actor, question.batch, batch, plan), held)
        users = len({record.user_id for record in records})
        return Aggregated(release, users, left_out, self._recorder.clock())

    def _usable(self, records: Sequence[InlineRecord]) -> tuple[Batch, list[Violation]]:
        plausible = Plausible(self._recorder.clock())
        batch: dict[str, list[InlineRecord]] = {}
        left_out: list[Violation] = []
        for index, record in enumerate(records):
            found = list(inline_batch.violations(record, index, plausible))
            try:
                user = self._recorder.canonical(record.user_id)
            except InvalidArgument as error:
                found.append(Violation(f"user_data[{index}].user_id", "user_id", str(error)))
                user = ""
            if found:
                left_out += found
            else:
                batch.setdefault(user, []).append(record)
        if not batch:
            raise InvalidArgument(
                "batch_empty", "There is no usable record in user_data; nothing was charged.", violations=left_out
            )
        return {user: sorted(batch[user], key=repr) for user in sorted(batch)}, left_out

    def _hash(self, batch: Batch, level: str) -> str:
        return self._recorder.hashes.request(repr(("AggregateBehavior", level, batch))).hex()

    async def _compute(self, actor: Actor, request: str, batch: Batch, plan: ReleasePlan) -> Answer:
        await self._releases.require_room(plan.charge_micro)
        await self._record(actor, request, batch)
        async with self._recorder.store.view() as view:
            subjects = await view.subjects(list(batch))
        players = [
            player_facts(batch[user])
            for user, subject in subjects.items()
            if subject.consent.analytics and any(one.sessions or one.progress for one in batch[user])
        ]
        sums = bounded_sums(players, Grain.MONTH, inline_batch.DAYS)
        statistics = await self._mechanism.statistics(sums, self._terms.of(Grain.MONTH, plan))
        return answer_of(statistics, plan, self._terms)

    async def _record(self, actor: Actor, request: str, batch: Batch) -> None:
        """Store the batch's facts. What has no time is dated now, and its id follows from the request and its place.

        A repetition after a crash dates such a session anew; it is the newer version of the same one.
        """
        now = micros(self._recorder.clock())
        sessions, snapshots = [], []
        place = 0
        for user, records in batch.items():
            for record in records:
                for one in record.sessions:
                    dated = one.started_at is not None
                    sessions.append(
                        Session(
                            user,
                            one.session_id or (None if dated else f"{request}:{place}"),
                            one.started_at if one.started_at is not None else now,
                            one.duration_minutes,
                            one.interaction_count,
                            one.therapeutic_interventions_count,
                            one.progress_markers_count,
                            one.engagement_score,
                            one.sentiment_score,
                            record.therapeutic_focus,
                            record.session_frequency,
                            record.engagement_level,
                            None if dated else now,
                        )
                    )
                    place += 1
                if (stand := record.progress) is not None:
                    snapshots.append(
                        ProgressSnapshot(
                            user,
                            stand.recorded_at if stand.recorded_at is not None else now,
                            stand.overall_progress,
                            stand.goal_completion_rate,
                            stand.engagement_level or record.engagement_level,
                            stand.total_sessions,
                        )
                    )
        recorder = self._recorder
        if sessions:
            prepared = await recorder.sessions.prepare(sessions)
            # A refusal would tell, for nothing, that a player consented and has such a session.
            await recorder.sessions.store(Message(actor, prepared, recorder.basis, keeps_stored=True))
        if snapshots:
            await recorder.moments.progress(actor, snapshots, recorder.basis)

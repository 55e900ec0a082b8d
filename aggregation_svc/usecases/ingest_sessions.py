"""Sessions in: each message all or nothing, a repeated session counts once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from aggregation_svc.domain.facts import Session, text_violations
from aggregation_svc.domain.ingest_summary import IngestSummary
from aggregation_svc.domain.keyed_hash import KeyedHash
from aggregation_svc.domain.moments import Plausible, micros, moment
from aggregation_svc.domain.periods import Grain, Period
from aggregation_svc.domain.session_versions import EXPLAINED, StoredSession, Verdict, judge
from aggregation_svc.ports import Actor, Canonical, Clock, Facts, Question, Row, Store
from aggregation_svc.usecases.admitted import CanonicalIds, ConsentBasis, admitted, refuse, require_right_to_assert
from aggregation_svc.usecases.turns import Turns
from mesh.refusal import AlreadyExists, Violation

GRAIN = Grain.MONTH
"""The period until whose close a session may be corrected: that of the default releases."""

TURN = 16
"""Sessions prepared in one go, about a quarter of a millisecond."""


@dataclass(slots=True)
class PreparedSession:
    """One distinct session of a message; its repeats in the same message are only counted."""

    index: int
    """Position of the content that stands."""
    user: str
    """The canonical id."""
    row: Row
    """From `session_id` to `digest`, in the order of the table."""
    unchanged: int = 0
    superseded: int = 0

    @property
    def copies(self) -> int:
        """How many facts of the message it stands for."""
        return 1 + self.unchanged + self.superseded


@dataclass(frozen=True, slots=True)
class PreparedSessions:
    """A message that is right in itself."""

    received: int
    sessions: Sequence[PreparedSession]
    now: datetime

    def parts(self, size: int) -> "Iterator[PreparedSessions]":
        """Yield the same sessions as messages of at most `size`."""
        for first in range(0, len(self.sessions), size):
            sessions = self.sessions[first : first + size]
            yield PreparedSessions(sum(session.copies for session in sessions), sessions, self.now)


@dataclass(frozen=True, slots=True)
class Message:
    """A prepared message and who sent it."""

    actor: Actor
    prepared: PreparedSessions
    basis: ConsentBasis = ConsentBasis.REQUIRED
    request_id: str = ""
    keeps_stored: bool = False
    """Whether what contradicts a stored session is passed over instead of refused, so that nothing tells of it."""


class IngestSessions:
    """Store sessions of consenting players."""

    def __init__(
        self,
        store: Store,
        hashes: KeyedHash,
        canonical: Canonical,
        clock: Clock,
        *,
        grace: timedelta,
        anyone_may_assert: bool,
    ) -> None:
        """Store into `store`; a period closes `grace` after its end."""
        self._store, self._hashes, self._canonical, self._clock = store, hashes, canonical, clock
        self._grace, self._anyone_may_assert = grace, anyone_may_assert
        self._turns = Turns(TURN)

    async def prepare(self, sessions: Iterable[Session]) -> PreparedSessions:
        """Check and hash a message; needs the processor only, so that it runs beside the storing of the one before.

        Other calls go first after every few sessions: a large message holds nobody else up.

        Raises:
            InvalidArgument: with every violation.
            AlreadyExists: two contents of one session, and nothing says which is newer.
        """
        now = self._clock()
        plausible = Plausible(now)
        canonical = CanonicalIds(self._canonical, "sessions")
        distinct: dict[tuple[str, int], PreparedSession] = {}
        violations: list[Violation] = []
        contradictions: dict[int, Violation] = {}
        received = 0
        for index, session in enumerate(sessions):
            if not index % TURN:
                await self._turns.next()
            user = canonical.of(index, session.user_id)
            if session.started_at not in plausible:
                violations.append(plausible.violation(session.started_at, f"sessions[{index}].started_at"))
            if session.updated_at is not None and session.updated_at not in plausible:
                violations.append(plausible.violation(session.updated_at, f"sessions[{index}].updated_at"))
            if session.therapeutic_focus is not None and not session.therapeutic_focus.isprintable():
                violations += text_violations(session.therapeutic_focus, f"sessions[{index}].therapeutic_focus")
            digest = self._hashes.content(session[2:12])
            key = digest if session.session_id is None else self._hashes.session(session.session_id)
            prepared = PreparedSession(index, user, (key, *session[2:], digest))
            held = distinct.setdefault((user, key), prepared)
            if held is not prepared and (contradiction := _fold(held, prepared)):
                contradictions[index] = contradiction
            received = index + 1
        refuse(canonical.violations + violations)
        _refuse_contradictions(contradictions)
        return PreparedSessions(received, tuple(distinct.values()), now)

    async def store(self, message: Message) -> IngestSummary:
        """Store a message; durable when this returns. Raises as `store_together`."""
        return (await self.store_together([message]))[0]

    async def store_together(self, messages: Sequence[Message]) -> list[IngestSummary]:
        """Store messages in order in one transaction: all of them, or none.

        Raises:
            FailedPrecondition: an actor may not vouch for consent.
            AlreadyExists: other content of stored sessions that may not replace it.
        """
        for message in messages:
            require_right_to_assert(message.actor, message.basis, open_to_all=self._anyone_may_assert)
        async with self._store.facts() as facts:
            return [await self._answer(facts, message) for message in messages]

    async def store_within(self, facts: Facts, message: Message) -> IngestSummary:
        """Store a message in a transaction that is already open; raises as `store_together`."""
        require_right_to_assert(message.actor, message.basis, open_to_all=self._anyone_may_assert)
        return await self._answer(facts, message)

    async def _answer(self, facts: Facts, message: Message) -> IngestSummary:
        question = self._question(message) if message.request_id else None
        if question and (answer := await facts.replayed(question)) is not None:
            return IngestSummary(**answer)
        summary = await self._admit(facts, message)
        if question:
            await facts.remember(question, asdict(summary))
        return summary

    async def _admit(self, facts: Facts, message: Message) -> IngestSummary:
        prepared = message.prepared
        users = dict.fromkeys(session.user for session in prepared.sessions)
        subjects = await admitted(facts, message.actor, users.keys(), message.basis, micros(prepared.now))
        welcome = [session for session in prepared.sessions if session.user in subjects]
        received_at = micros(prepared.now)
        rows = sorted((subjects[session.user], *session.row, received_at) for session in welcome)
        stored = await facts.add_sessions(rows)
        updated = superseded = 0
        if stored < len(rows):
            others = await facts.other_sessions(rows)
            by_key = {(subjects[session.user], session.row[0]): session for session in welcome}
            updated, superseded = await self._settle(facts, others, by_key, message)
        copies = sum(session.copies for session in welcome)
        superseded += sum(session.superseded for session in welcome)
        return IngestSummary(
            received=prepared.received,
            stored=stored,
            updated=updated,
            unchanged=copies - stored - updated - superseded,
            refused=prepared.received - copies,
            superseded=superseded,
        )

    async def _settle(
        self,
        facts: Facts,
        others: Sequence[StoredSession],
        by_key: dict[tuple[int, int], PreparedSession],
        message: Message,
    ) -> tuple[int, int]:
        """Replace what is older; return how many were updated and how many superseded."""
        now = message.prepared.now
        received_at = micros(now)
        replacing: list[Row] = []
        touching: list[Row] = []
        superseded = 0
        contradictions: dict[int, Violation] = {}
        for other in others:
            new = by_key[other.subject_id, other.session_id]
            closed = now >= Period.containing(GRAIN, moment(other.started_at)).end + self._grace
            match verdict := judge(other, new.row[-2], new.row[-1], closed=closed):
                case Verdict.REPLACE:
                    replacing.append((other.subject_id, *new.row, received_at))
                case Verdict.TOUCH:
                    touching.append((other.subject_id, *new.row, received_at))
                case Verdict.SUPERSEDED:
                    superseded += 1
                case _ if message.keeps_stored:
                    superseded += 1
                case _:
                    contradictions[new.index] = Violation(f"sessions[{new.index}].session_id", *EXPLAINED[verdict])
        _refuse_contradictions(contradictions)
        updated = await facts.replace_sessions(sorted(replacing)) if replacing else 0
        if touching:
            await facts.replace_sessions(sorted(touching))
        return updated, superseded + len(replacing) - updated

    def _question(self, message: Message) -> Question:
        content: object = [_asked(session) for session in message.prepared.sessions]
        if message.basis is not ConsentBasis.REQUIRED:
            # Vouching changes what becomes of the same facts.
            content = (message.basis.value, content)
        fingerprint = self._hashes.request(repr(content))
        return Question(message.actor.name, "IngestSessions", message.request_id, fingerprint)


def _asked(session: PreparedSession) -> tuple[object, ...]:
    """Return what tells one request from another: who, which session, its content, and how new it is."""
    updated_at = session.row[-2]
    asked = (session.user, session.row[0], session.row[-1])
    return asked if updated_at is None else (*asked, updated_at)


def _fold(held: PreparedSession, again: PreparedSession) -> Violation | None:
    """Count a second fact of one session in one message, of which the newer content stands; or say what contradicts."""
    before, after = held.row[-2], again.row[-2]
    if held.row[-1] == again.row[-1]:
        held.unchanged += 1
        if after is not None and (before is None or after > before):
            held.row = again.row
        return None
    if before is None or after is None or before == after:
        return Violation(
            f"sessions[{again.index}].session_id",
            "already_exists",
            f"is that of sessions[{held.index}] too, with other content; say in updated_at which is newer",
        )
    held.superseded += 1
    if after > before:
        held.index, held.row = again.index, again.row
    return None


def _refuse_contradictions(by_index: Mapping[int, Violation]) -> None:
    if by_index:
        raise AlreadyExists(
            "session_exists",
            f"{len(by_index)} sessions contradict what is known; nothing of this message is stored.",
            violations=[by_index[index] for index in sorted(by_index)],
        )

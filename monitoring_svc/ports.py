"""What monitoring needs from outside."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar

from monitoring_svc.domain.alert import Alert, AlertEvent, AlertState
from monitoring_svc.domain.care import Care
from monitoring_svc.domain.commands import Command
from monitoring_svc.domain.crisis.decision import CrisisDecision
from monitoring_svc.domain.crisis_assessment import CrisisLayer
from monitoring_svc.domain.cursor import Cursor
from monitoring_svc.domain.delivery import Delivery, Lane
from monitoring_svc.domain.rollups import Rollup, Window
from monitoring_svc.domain.routing import Contact
from monitoring_svc.domain.rule import Rule
from monitoring_svc.domain.severity import AlertType, Severity
from monitoring_svc.domain.signal import Signal

T = TypeVar("T")
K = TypeVar("K")


class CrisisRecogniser(Protocol):
    """The rule layer: recognises crisis language in a player's last messages, in bounded time, keeping nothing."""

    def decide(self, messages: Sequence[str]) -> CrisisDecision | None:
        """Return the gravest danger, None where there is none. `messages` is oldest first."""


class Failures(Protocol):
    """Where a failure is told that must not stop the way of a signal."""

    def failed(self, what: str, error: Exception) -> None:
        """Count and log it, without any text of the error that could hold a player's words."""


class SemanticLayer(Protocol):
    """The second opinion, in a worker of its own behind a bounded queue."""

    async def decide(self, messages: Sequence[str], deadline: float) -> tuple[CrisisLayer, CrisisDecision | None]:
        """Return within `deadline` seconds what became of the layer, and what it decided. Never raises."""


class Condition(Protocol):
    """A rule's condition, ready to be looked at."""

    nodes: int
    """How many nodes its expression has."""
    fields: frozenset[str]
    """What it needs, in the words of the language: `sentiment_score`, `mean.sentiment_score`."""
    rolling: bool
    """Whether it asks for rolling statistics."""

    def holds(self, signal: Signal, statistics: Mapping[str, Mapping[str, float]]) -> bool | None:
        """Return whether it holds; None where the signal lacks what it needs. Never raises."""


class ConditionCompiler(Protocol):
    """The language of rules."""

    def compile(self, source: str) -> Condition:
        """Return the condition; raises InvalidArgument with the place where it is wrong."""


@dataclass(frozen=True, slots=True)
class RequestKey:
    """What makes a retried write count once."""

    caller: str
    call: str
    request_id: str
    """A keyed hash of what the sender chose: it may hold a player's id."""
    content: bytes
    """A digest of the request, so that another request under the same id is refused."""


class AlertLog(Protocol):
    """The append-only log of alerts. Whatever it returns is durable."""

    async def submit(self, command: Command[T], request: RequestKey | None = None) -> T:
        """Apply a command in a transaction that it may share with others. A retried `request` changes nothing."""


@dataclass(frozen=True, slots=True)
class AlertFilter:
    """Which alerts to list. Empty lets all pass."""

    states: frozenset[AlertState] = frozenset()
    alert_types: frozenset[AlertType] = frozenset()
    min_severity: Severity = Severity.LOW
    subject: bytes | None = None
    triggered_after: datetime | None = None
    triggered_before: datetime | None = None


class Alerts(Protocol):
    """Alerts and their events as they are in the database."""

    async def get(self, alert_id: str) -> Alert:
        """Return one; raises NotFound."""

    async def page(
        self, which: AlertFilter, size: int, after: tuple[datetime, str] | None
    ) -> tuple[Sequence[Alert], Cursor]:
        """Return at most `size` alerts, newest first, after (triggered_at, alert_id), and the log's head."""

    async def events_of(self, alert_id: str, size: int, after: int) -> Sequence[AlertEvent]:
        """Return at most `size` events of one alert after a position, oldest first."""

    async def events(self, after: int, size: int) -> Sequence[AlertEvent]:
        """Return at most `size` events after a position, oldest first."""

    async def bounds(self) -> tuple[int, int]:
        """Return the oldest cursor that is still valid and the head."""

    async def occurred_at(self, position: int) -> datetime | None:
        """Return when the event at a position happened; None where there is none."""

    async def first_since(self, moment: datetime) -> int | None:
        """Return the first position whose event happened at a moment or later; None for none."""

    async def waiting_to_clear(self) -> Sequence[tuple[bytes, str]]:
        """Return (player, rule) of every alert that may resolve by itself and whose condition holds."""

    async def seal(self, alert_id: str) -> bytes | None:
        """Return the sealed player id of an alert; None where it has none."""


class AlertStream(Protocol):
    """The newest end of the log, for any number of subscribers."""

    async def from_cursor(self, cursor: str) -> Cursor:
        """Return where to begin: empty for the head, `0` for all that is kept; raises OutOfRange."""

    def after(
        self, position: int, heartbeat: float, seconds: float | None = None
    ) -> AsyncIterator[Sequence[AlertEvent]]:
        """Yield runs of events after a position; an empty run after `heartbeat` s of silence; end after `seconds`."""


@dataclass(frozen=True, slots=True)
class StoredRule:
    """A rule, and who changed it when."""

    rule: Rule
    updated_at: datetime | None
    """None for a built-in rule that nobody changed."""
    updated_by: str


class Rules(Protocol):
    """The rules, the same in every replica."""

    async def all(self) -> tuple[int, Sequence[StoredRule]]:
        """Return the version of the whole and every rule by id, the built-in ones too."""

    async def create(self, rule: Rule, actor: str) -> StoredRule:
        """Keep a new rule; raises AlreadyExists."""

    async def replace(self, rule: Rule, expected: int, actor: str) -> StoredRule:
        """Replace a rule of that version (0 for whichever); raises NotFound and Aborted."""

    async def delete(self, rule_id: str) -> None:
        """Remove a rule; raises NotFound."""


@dataclass(frozen=True, slots=True)
class File:
    """A file that goes with a message."""

    filename: str
    content_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Parcel:
    """What a message carries sealed, opened for the moment of sending."""

    address: str = field(default="", repr=False)
    """Of a message without a contact."""
    secret: str = field(default="", repr=False)
    """The contact's secret."""
    files: tuple[File, ...] = ()


class OutboxRows(Protocol):
    """The rows of the outbox."""

    async def claim(self, room: Mapping[Lane, int], lease: timedelta) -> Sequence[tuple[Delivery, Contact | None]]:
        """Take due deliveries for as long as `lease`, at most `room` of each lane, each with its contact.

        Those in state dropped are not to be sent.
        """

    async def delivered(self, delivery: Delivery) -> bool:
        """Say that it arrived; return False where another replica has claimed it since."""

    async def dead(self, delivery: Delivery, error: str) -> bool:
        """Give it up."""

    async def again(self, delivery: Delivery, at: datetime, error: str) -> bool:
        """Have it tried again at a time."""

    async def now(self) -> datetime:
        """Return the database's clock."""


@dataclass(frozen=True, slots=True)
class Kept(Generic[K]):
    """A value as kept, and when it was changed last."""

    value: K
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class KeptRollup:
    """A roll-up as kept."""

    key: int
    """Its place among roll-ups of equal start."""
    metric_name: str
    labels: Mapping[str, str]
    window: Window
    window_start: datetime
    rollup: Rollup


class RollupRows(Protocol):
    """Roll-ups as rows."""

    async def rollups(
        self,
        metric_name: str,
        window: Window,
        start: datetime | None,
        end: datetime | None,
        size: int,
        after: tuple[datetime, int] | None,
    ) -> Sequence[KeptRollup]:
        """Return at most `size` roll-ups of a metric, newest first, after (window_start, key)."""


class CareRows(Protocol):
    """Figures about our care."""

    async def figures(self, start: datetime, end: datetime) -> Care:
        """Return the figures of alerts that were triggered from `start` until `end`."""


class Sender(Protocol):
    """One channel."""

    async def send(self, delivery: Delivery, contact: Contact | None, parcel: Parcel) -> None:
        """Send a message under its key. Raises `SendFailed`."""


class SendFailed(Exception):
    """A channel did not take a message."""

    def __init__(self, message: str, *, permanent: bool = False) -> None:
        """Say what the channel said, without address or secret; `permanent` where another attempt is of no use."""
        super().__init__(message)
        self.permanent = permanent

"""What may be asked of the alert log. Each command says which alerts it needs and what it makes of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from mesh.refusal import NotFound
from monitoring_svc.domain.alert import Alert, EventKind, clear_long_enough
from monitoring_svc.domain.book import Book, Fired
from monitoring_svc.domain.firing import Firing

T_co = TypeVar("T_co", covariant=True)

AUTO = "auto"
"""Who resolved an alert whose condition has cleared."""


class Command(Protocol[T_co]):
    """One act on the log: all or nothing, in one transaction with others."""

    @property
    def fingerprints(self) -> Sequence[str]:
        """The fingerprints whose alerts it needs."""

    @property
    def alert_ids(self) -> Sequence[str]:
        """The ids whose alerts it needs."""

    def apply(self, book: Book) -> T_co:
        """Do it. Raises a Refusal before it changes anything."""


@dataclass(frozen=True, slots=True)
class Fire:
    """Fold firings into alerts, and note conditions that do not hold any more."""

    firings: tuple[Firing, ...]
    cleared: tuple[str, ...] = ()
    """Fingerprints."""

    @property
    def fingerprints(self) -> Sequence[str]:
        """Those of the firings and of what cleared."""
        under_other_keys = (name for firing in self.firings for name in firing.elsewhere)
        return (*(firing.fingerprint for firing in self.firings), *under_other_keys, *self.cleared)

    @property
    def alert_ids(self) -> Sequence[str]:
        """None."""
        return ()

    def apply(self, book: Book) -> tuple[Fired, ...]:
        """Return what became of each firing, in order."""
        for fingerprint in self.cleared:
            book.clear(fingerprint)
        return tuple(book.fire(firing) for firing in self.firings)


@dataclass(frozen=True, slots=True)
class _OnOne:
    alert_id: str

    @property
    def fingerprints(self) -> Sequence[str]:
        """None."""
        return ()

    @property
    def alert_ids(self) -> Sequence[str]:
        """The one."""
        return (self.alert_id,)

    def find(self, book: Book) -> Alert:
        """Return the alert; raises NotFound where there is none."""
        alert = book.by_id.get(self.alert_id)
        if alert is None:
            raise NotFound("alert_not_found", "No alert of that id. List them with ListAlerts.")
        return alert


@dataclass(frozen=True, slots=True)
class Acknowledge(_OnOne):
    """Say that someone looks."""

    actor: str
    note: str = ""

    def apply(self, book: Book) -> Alert:
        """Return the alert as it is now."""
        return book.acknowledge(self.find(book), self.actor, self.note)


@dataclass(frozen=True, slots=True)
class Resolve(_OnOne):
    """Say that nobody need look any more."""

    actor: str
    note: str = ""

    def apply(self, book: Book) -> Alert:
        """Return the alert as it is now."""
        return book.resolve(self.find(book), self.actor, self.note)


@dataclass(frozen=True, slots=True)
class NoteReveal(_OnOne):
    """Keep in the alert's history that a person was told who the player is."""

    actor: str

    def apply(self, book: Book) -> Alert:
        """Return the alert as it is."""
        alert = self.find(book)
        book.note(alert, EventKind.REVEALED, self.actor, "")
        return alert


@dataclass(frozen=True, slots=True)
class Escalate:
    """Move alerts whose timer is due to the next step. Due is decided again under the log's lock."""

    ids: Sequence[str]

    @property
    def fingerprints(self) -> Sequence[str]:
        """None."""
        return ()

    @property
    def alert_ids(self) -> Sequence[str]:
        """Those that looked due."""
        return self.ids

    def apply(self, book: Book) -> int:
        """Return how many were due."""
        for one in self.ids:
            if one not in book.by_id:
                book.timers[one] = None
        return sum(book.escalate(book.by_id[one]) for one in self.ids if one in book.by_id)


@dataclass(frozen=True, slots=True)
class ResolveCleared:
    """Resolve alerts whose condition has cleared for long enough."""

    ids: Sequence[str]

    @property
    def fingerprints(self) -> Sequence[str]:
        """None."""
        return ()

    @property
    def alert_ids(self) -> Sequence[str]:
        """Those that may resolve."""
        return self.ids

    def apply(self, book: Book) -> int:
        """Return how many resolved."""
        over = [
            book.by_id[one] for one in self.ids if one in book.by_id and clear_long_enough(book.by_id[one], book.now)
        ]
        for alert in over:
            book.resolve(alert, AUTO, "")
        return len(over)

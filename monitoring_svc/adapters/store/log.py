"""The alert log: many commands, one transaction.

Commands that arrive while a transaction runs wait and share the next one. A group is written only where the log is what
it was decided upon: as this process left it, else as it was read, else as it is read under the log's lock. Positions
follow commit order without gaps.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from mesh.refusal import AlreadyExists, NotFound, Refusal, Unavailable, Violation
from mesh.telemetry import counter, gauge, histogram
from monitoring_svc.adapters.store.alert_rows import fired_from_bytes, fired_to_bytes
from monitoring_svc.adapters.store.log_session import Care, LogSession, LogSessions, Overtaken, Seal
from monitoring_svc.domain.alert import AlertEvent
from monitoring_svc.domain.book import STORM_WINDOW, Book
from monitoring_svc.domain.commands import Command
from monitoring_svc.domain.routing import Arrangements
from monitoring_svc.ports import RequestKey

T = TypeVar("T")

MAX_GROUP = 500
"""Commands in one transaction."""
MAX_WAITING = 20_000
"""Commands that may wait; beyond it callers are told to come back."""
GROUP = histogram("alert_log_group", "Commands in one transaction of the alert log", (), (1, 2, 5, 10, 50, 100, 500))
WAITING = gauge("alert_log_waiting", "Commands that wait for a transaction of the alert log")
FAILED = counter("alert_log_failures", "Transactions of the alert log that failed")


@dataclass(slots=True)
class _Waiting:
    command: Command[Any]
    request: RequestKey | None
    answer: "asyncio.Future[Any]"


class GroupCommitter:
    """Applies commands to the log; whatever `submit` returns is durable."""

    def __init__(
        self,
        sessions: LogSessions,
        *,
        seal: Seal,
        new_id: Callable[[], str],
        committed: Callable[[Sequence[AlertEvent], bool], None],
    ) -> None:
        """Write through `sessions`.

        `seal(user_id, alert_id)` returns a player's id as columns; `committed(events, messages)` hears of every
        transaction, with whether it queued messages.
        """
        self._sessions = sessions
        self._seal = seal
        self._new_id = new_id
        self._committed = committed
        self._waiting: deque[_Waiting] = deque()
        self._worker: asyncio.Task[None] | None = None
        self._arrangements = Arrangements(version=-1)
        self._storm_since: datetime | None = None
        self._storm: dict[str, int] = {}
        WAITING.set_function(lambda: len(self._waiting))

    async def submit(self, command: Command[T], request: RequestKey | None = None) -> T:
        """Apply a command in a transaction that it may share. A retried `request` is answered as the first time."""
        if len(self._waiting) >= MAX_WAITING:
            raise Unavailable("alert_log_overloaded", "Too many signals wait; send this one again.", retry_after=1.0)
        answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(command, request, answer))
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work(), name="alert log")
        return await answer

    def doubt(self) -> None:
        """Read anew what people arranged: the connection is a new one, perhaps to a log that went back."""
        self._arrangements = Arrangements(version=-1)

    async def aclose(self) -> None:
        """Wait until everything that was submitted is committed or refused."""
        while self._worker is not None and not self._worker.done():
            await asyncio.wait([self._worker])
        await self._sessions.aclose()

    async def _work(self) -> None:
        while self._waiting:
            group = [self._waiting.popleft() for _ in range(min(MAX_GROUP, len(self._waiting)))]
            await self._settle(group)

    async def _settle(self, group: list[_Waiting]) -> None:
        """Commit a group; where that fails for another reason than the database being away, each half by itself.

        So one command that cannot be written is found in few transactions, and the others are written.
        """
        try:
            book, answers = await self._write(group)
        except Refusal as error:
            FAILED.inc()
            _fail(group, error)
        except Exception as error:  # noqa: BLE001 one command that cannot be written must not fail the others
            FAILED.inc()
            if len(group) == 1:
                _fail(group, error)
                return
            half = len(group) // 2
            await self._settle(group[:half])
            await self._settle(group[half:])
        else:
            self._tell(group, book, answers)

    def _tell(self, group: list[_Waiting], book: Book, answers: Sequence[Any]) -> None:
        """Tell what is committed; whatever fails here, it is not written again."""
        self._storm = book.recent
        GROUP.observe(len(group))
        try:
            if book.events or book.deliveries:
                self._committed(book.events, bool(book.deliveries))
        except Exception as error:  # noqa: BLE001 who was not told finds it in the log, and the callers have their answer
            told = {"message": "Nobody could be told of a transaction of the alert log", "exception": error}
            asyncio.get_running_loop().call_exception_handler(told)
        for one, answer in zip(group, answers, strict=True):
            if one.answer.done():
                continue
            if isinstance(answer, Refusal):
                one.answer.set_exception(answer)
            else:
                one.answer.set_result(answer)

    async def _write(self, group: list[_Waiting]) -> tuple[Book, list[Any]]:
        """Return what a group made and what each command is answered."""
        care = Care.ASSUME
        while True:
            try:
                return await self._write_with(care, group)
            except Overtaken as overtaken:
                care = overtaken.again

    async def _write_with(self, care: Care, group: list[_Waiting]) -> tuple[Book, list[Any]]:
        async with self._sessions.begin(care) as session:
            book = await self._open(session, group)
            ids = list({one.request.request_id for one in group if one.request is not None})
            known = dict(await session.answered(ids)) if ids else {}
            fresh: list[dict[str, Any]] = []
            answers = [_apply(one, book, known, fresh) for one in group]
            await _leave_out_repeats(session, book)
            await session.write(book, self._seal, fresh)
        return book, answers

    async def _open(self, session: LogSession, group: list[_Waiting]) -> Book:
        """Read what the commands need."""
        fingerprints = list(dict.fromkeys(name for one in group for name in one.command.fingerprints))
        ids = list(dict.fromkeys(name for one in group for name in one.command.alert_ids))
        opening = await session.open(fingerprints)
        if opening.arrangements_version != self._arrangements.version:
            self._arrangements = await session.arrangements(opening.arrangements_version)
        if self._storm_since is None or opening.now - self._storm_since >= STORM_WINDOW:
            self._storm_since, self._storm = opening.now, {}
        book = Book(opening.now, opening.head, self._arrangements, self._new_id, recent=dict(self._storm))
        book.load(opening.alerts)
        if ids:
            found, running = await session.by_id(ids)
            book.load(found)
            book.running = dict(running)
        return book


async def _leave_out_repeats(session: LogSession, book: Book) -> None:
    """Leave out escalations to contacts for whom a message about the same alert waits: that one tells them.

    Else a channel that is away for a night would be owed, and bring when it is back, a message for every 30 seconds. A
    message whose first attempt is under way does not count: who makes it may have been stopped.
    """
    alert_ids = sorted({one.alert_id for one in book.deliveries if one.repeats and one.alert_id is not None})
    if alert_ids:
        waiting = await session.waiting(alert_ids)
        book.deliveries = [
            one for one in book.deliveries if not (one.repeats and (one.alert_id, one.contact_id) in waiting)
        ]


def _apply(one: _Waiting, book: Book, known: dict[RequestKey, bytes], fresh: list[dict[str, Any]]) -> Any:
    """Return the command's answer, or the refusal that is its answer."""
    request = one.request
    if request is not None:
        if request in known:
            return _again(one.command, book, known[request])
        if any(_same_id(request, other) for other in known):
            violation = Violation("request_id", "request_id_reused", "was used for another request; take a new one")
            return AlreadyExists("request_id_reused", f"request_id {violation.description}.", violations=[violation])
    try:
        answer = one.command.apply(book)
    except Refusal as refusal:
        return refusal
    if request is not None:
        known[request] = _kept(answer)
        fresh.append(
            {
                "caller": request.caller,
                "call": request.call,
                "request_id": request.request_id,
                "fingerprint": request.content,
                "answer": known[request],
                "created_at": book.now,
            }
        )
    return answer


def _kept(answer: Any) -> bytes:
    """Return what is kept of an answer: nothing of an alert, which may tell of a player."""
    return fired_to_bytes(answer) if isinstance(answer, tuple) else b""


def _again(command: Command[Any], book: Book, kept: bytes) -> Any:
    """Return what a repeated command is answered: what became of its firings, or its alert as it is now."""
    if kept:
        return fired_from_bytes(kept)
    alert = book.by_id.get(command.alert_ids[0])
    return alert or NotFound("alert_not_found", "The alert that the request was about is not kept any more.")


def _same_id(one: RequestKey, other: RequestKey) -> bool:
    return (one.caller, one.call, one.request_id) == (other.caller, other.call, other.request_id)


def _fail(group: list[_Waiting], error: Exception) -> None:
    for one in group:
        if not one.answer.done():
            one.answer.set_exception(error)

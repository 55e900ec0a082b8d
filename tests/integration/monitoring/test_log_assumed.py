"""What fires for the first time is written without being looked for, and nothing is lost or doubled by that."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from mesh import migrations
from mesh.database import Database
from monitoring_svc.adapters.store import log_left
from monitoring_svc.adapters.store.log import GroupCommitter
from monitoring_svc.adapters.store.log_postgres import PostgresLogSessions
from monitoring_svc.adapters.store.reading import AlertReader
from monitoring_svc.domain.commands import Acknowledge, Fire, Resolve
from monitoring_svc.ports import RequestKey
from tests.integration.monitoring.test_log_lock import firing, new_id, seal


class Replica:
    """A process with a log of its own, whose statements are counted."""

    def __init__(self, url: str) -> None:
        self.sessions = PostgresLogSessions(url, connected=self._connected)
        self.log = GroupCommitter(self.sessions, seal=seal, new_id=new_id, committed=lambda *_: None)
        self.statements: list[str] = []

    def _connected(self) -> None:
        connection = self.sessions._connection
        assert connection is not None
        connection.add_query_logger(self._note)

    def _note(self, record: Any) -> None:
        self.statements.append(record.query)

    async def fire(self, *fingerprints: str, cleared: tuple[str, ...] = (), request: RequestKey | None = None) -> Any:
        """Fire, and return what became of it."""
        self.statements.clear()
        firings = tuple(replace(firing(name), auto_resolve_seconds=60) for name in fingerprints)
        return await self.log.submit(Fire(firings, cleared), request)


@pytest.fixture
async def replicas(postgres_url: str) -> AsyncIterator[tuple[Replica, Replica]]:
    await migrations.upgrade(postgres_url, "monitoring_svc")
    one, other = Replica(postgres_url), Replica(postgres_url)
    yield one, other
    await asyncio.gather(one.log.aclose(), other.log.aclose())


async def counts(url: str) -> Mapping[str, int]:
    """Return how often each fingerprint fired; positions have no gap."""
    database = Database(url)
    events = await AlertReader(database).events(0, 500)
    assert [event.position for event in events] == list(range(1, len(events) + 1))
    reader = AlertReader(database)
    found = {event.alert.fingerprint: (await reader.get(event.alert.alert_id)).count for event in events}
    await database.close()
    return found


async def test_a_new_alert_is_one_statement(
    replicas: tuple[Replica, Replica], postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_left, "SECONDS", 3600.0)
    one, _ = replicas
    await one.fire("first")
    for name in ("a", "b"):
        (became,) = await one.fire(name, request=RequestKey("game", "ProcessSignal", name, b"content"))
        assert became.alert_id
        assert not became.repeated
        assert len(one.statements) == 1
    assert await counts(postgres_url) == {"first": 1, "a": 1, "b": 1}


async def test_an_alert_that_another_replica_made_is_found(
    replicas: tuple[Replica, Replica], postgres_url: str
) -> None:
    one, other = replicas
    await one.fire("first")
    await other.fire("shared", "theirs")
    (became,) = await one.fire("shared")
    assert became.repeated
    assert await counts(postgres_url) == {"first": 1, "shared": 2, "theirs": 1}


async def test_an_alert_from_before_this_process_began_is_found(
    replicas: tuple[Replica, Replica], postgres_url: str
) -> None:
    one, other = replicas
    await other.fire("old")
    await one.fire("first")
    (became,) = await one.fire("old")
    assert became.repeated
    assert await counts(postgres_url) == {"old": 2, "first": 1}


async def test_a_condition_that_clears_is_noted_though_nothing_fires(
    replicas: tuple[Replica, Replica], postgres_url: str
) -> None:
    one, other = replicas
    ((became,), _) = (await other.fire("old"), await one.fire("first"))
    await one.fire(cleared=("old",))
    database = Database(postgres_url)
    assert (await AlertReader(database).get(became.alert_id)).cleared_at is not None
    await database.close()


async def test_a_repeated_request_is_answered_as_the_first_time_by_a_process_that_never_saw_it(
    replicas: tuple[Replica, Replica], postgres_url: str
) -> None:
    one, other = replicas
    request = RequestKey("game", "ProcessSignal", "id", b"content")
    await one.fire("first")
    answer = await other.fire("a", request=request)
    # Under an assumption nothing is known of either: neither the fingerprint nor the request.
    assert await one.fire("b", request=request) == answer
    assert await counts(postgres_url) == {"first": 1, "a": 1}


async def test_an_alert_is_acknowledged_and_resolved_by_what_is_known_of_the_log(
    replicas: tuple[Replica, Replica], postgres_url: str
) -> None:
    one, other = replicas
    ((became,), _) = (await other.fire("a"), await one.fire("first"))
    assert (await one.log.submit(Acknowledge(became.alert_id, "ada", ""))).acknowledged_by == "ada"
    one.statements.clear()
    assert (await one.log.submit(Resolve(became.alert_id, "ada"))).resolved_by == "ada"
    assert not any("FOR UPDATE" in statement for statement in one.statements)
    assert await counts(postgres_url) == {"a": 1, "first": 1}

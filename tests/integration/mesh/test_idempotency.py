import asyncio
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from google.protobuf import struct_pb2

from mesh.database import Database
from mesh.idempotency import Idempotency, idempotency_table
from mesh.refusal import AlreadyExists

METADATA = sa.MetaData()
TABLE = idempotency_table(METADATA, "sample_requests")


class Clock:
    def __init__(self):
        self.moment = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self):
        return self.moment


@pytest.fixture
def now():
    return Clock()


@pytest.fixture
def requests(now):
    return Idempotency(TABLE, key=b"k" * 32, now=now)


@pytest.fixture
async def database(database_url):
    database = Database(database_url)
    async with database.begin() as connection:
        if database.dialect == "postgresql":
            await connection.execute(sa.text("CREATE SCHEMA analytics"))
        await connection.run_sync(METADATA.create_all)
    yield database
    await database.close()


async def act(database, requests, *, caller="game", call="Ingest", request_id="r1", content="a"):
    """Return the answer and whether the act was done anew."""
    fingerprint = requests.fingerprint(struct_pb2.Value(string_value=content))
    async with database.begin() as connection:
        answer = await requests.replay(connection, caller, call, request_id, fingerprint)
        if answer is not None:
            return answer, False
        answer = f"done {content}".encode()
        await requests.remember(connection, caller, call, request_id, fingerprint, answer, subject_id=content)
        return answer, True


async def test_the_same_request_again_gets_the_same_answer(database, requests):
    assert await act(database, requests) == (b"done a", True)
    assert await act(database, requests) == (b"done a", False)


async def test_at_the_same_time_it_still_counts_once(database, requests):
    answers = await asyncio.gather(*(act(database, requests) for _ in range(8)))
    assert sorted(anew for _, anew in answers) == [False] * 7 + [True]
    assert {answer for answer, _ in answers} == {b"done a"}


async def test_another_request_under_the_same_id_is_refused(database, requests):
    await act(database, requests)
    with pytest.raises(AlreadyExists) as refusal:
        await act(database, requests, content="b")
    assert refusal.value.reason == "request_id_reused"


async def test_another_caller_or_call_has_ids_of_its_own(database, requests):
    await act(database, requests)
    assert await act(database, requests, caller="other", content="b") == (b"done b", True)
    assert await act(database, requests, call="Other", content="c") == (b"done c", True)


async def test_without_an_id_every_request_is_new(database, requests):
    assert await act(database, requests, request_id="") == (b"done a", True)
    assert await act(database, requests, request_id="") == (b"done a", True)


async def test_after_a_day_the_id_is_free_again(database, requests, now):
    await act(database, requests)
    now.moment += timedelta(hours=24, seconds=1)
    assert await act(database, requests, content="b") == (b"done b", True)
    now.moment += timedelta(hours=24, seconds=1)
    async with database.begin() as connection:
        assert await requests.expire(connection) == 1


async def test_an_act_that_failed_leaves_its_id_free(database, requests):
    with pytest.raises(LookupError):
        async with database.begin() as connection:
            assert await requests.replay(connection, "game", "Ingest", "r1", b"f") is None
            raise LookupError
    assert await act(database, requests) == (b"done a", True)


async def test_erasure_takes_the_answers_that_tell_of_a_subject(database, requests):
    await act(database, requests, content="s1", request_id="r1")
    await act(database, requests, content="s2", request_id="r2")
    async with database.begin() as connection:
        assert await requests.forget(connection, "s1") == 1
    assert await act(database, requests, content="s1", request_id="r1") == (b"done s1", True)


def test_the_fingerprint_of_a_request_depends_on_the_key(requests):
    message = struct_pb2.Value(string_value="id")
    assert requests.fingerprint(message) == requests.fingerprint(message)
    assert requests.fingerprint(message) != Idempotency(TABLE).fingerprint(message)

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from mesh.audit import AuditLog, Entry, audit_table
from mesh.audit_chain import Head, head_of
from mesh.audit_upkeep import AuditUpkeep
from mesh.database import SCHEMA, Database
from mesh.interceptors.refusals import RefusalCount
from mesh.logs import JsonFormatter

KEY = b"k" * 32
METADATA = sa.MetaData()
TABLE = audit_table(METADATA, "sample_audit", SCHEMA)
HEADS = METADATA.tables["analytics.sample_audit_head"]


@pytest.fixture
async def database(database_url):
    database = Database(database_url)
    async with database.begin() as connection:
        if database.dialect == "postgresql":
            await connection.execute(sa.text("CREATE SCHEMA analytics"))
        await connection.run_sync(METADATA.create_all)
    yield database
    await database.close()


@pytest.fixture
def log():
    return AuditLog(TABLE, KEY)


async def fill(database, log, count=10):
    async with database.begin() as connection:
        await log.append(connection, *(entry(number) for number in range(1, count + 1)))


def entry(number):
    return Entry("therapist-é", "alert.revealed", f"s{number}", {"purpose": 'call "now"', "n": number, "x": None})


async def verify(database, log, **arguments):
    async with database.read() as connection:
        found = await log.verify(connection, chunk=4, **arguments)
    return (found.intact, found.problem, found.position)


async def change(database, statement):
    async with database.begin() as connection:
        await connection.execute(statement)


async def test_an_untouched_chain_is_intact(database, log):
    await fill(database, log)
    async with database.read() as connection:
        found = await log.verify(connection)
    assert (found.intact, found.checked, found.head.position) == (True, 10, 10)


async def test_an_empty_chain_is_intact(database, log):
    assert await verify(database, log) == (True, None, None)


async def test_entries_are_listed_newest_first_and_filtered(database, log):
    await fill(database, log)
    async with database.read() as connection:
        records = await log.list(connection, limit=3, before=10)
        assert [record.position for record in records] == [9, 8, 7]
        [only] = await log.list(connection, limit=3, subject_id="s4", action="alert.revealed", actor="therapist-é")
    assert (only.position, only.details) == (4, {"purpose": 'call "now"', "n": 4, "x": None})


async def test_positions_follow_commit_order_without_gaps(database, log):
    async def act(number):
        async with database.begin() as connection:
            await log.append(connection, entry(number))
            if number % 3 == 0:
                raise LookupError

    await asyncio.gather(*(act(number) for number in range(30)), return_exceptions=True)
    assert await verify(database, log) == (True, None, None)
    async with database.read() as connection:
        assert [record.position for record in await log.list(connection, limit=50)] == list(range(20, 0, -1))


@pytest.mark.parametrize(
    "values",
    [
        {"actor": "somebody"},
        {"action": "nothing"},
        {"subject_id": "s6"},
        {"subject_id": None},
        {"details": "{}"},
        {"at": datetime(2020, 1, 1, tzinfo=UTC)},
        {"mac": bytes(32)},
    ],
    ids=lambda values: next(iter(values)),
)
async def test_a_changed_entry_is_found(database, log, values):
    await fill(database, log)
    await change(database, sa.update(TABLE).where(TABLE.c.position == 5).values(**values))
    assert await verify(database, log) == (False, "changed", 5)


async def test_a_missing_entry_is_found(database, log):
    await fill(database, log)
    await change(database, sa.delete(TABLE).where(TABLE.c.position == 5))
    assert await verify(database, log) == (False, "missing", 5)


async def test_a_missing_first_entry_is_found(database, log):
    await fill(database, log)
    await change(database, sa.delete(TABLE).where(TABLE.c.position == 1))
    assert await verify(database, log) == (False, "missing", 1)


async def test_reordered_entries_are_found(database, log):
    await fill(database, log)
    for old, new in ((5, -1), (6, 5), (-1, 6)):
        await change(database, sa.update(TABLE).where(TABLE.c.position == old).values(position=new))
    assert await verify(database, log) == (False, "changed", 5)


async def test_a_cut_tail_is_found(database, log):
    await fill(database, log)
    await change(database, sa.delete(TABLE).where(TABLE.c.position > 7))
    assert await verify(database, log) == (False, "cut", 8)


async def test_an_entry_added_without_the_key_is_found(database, log):
    await fill(database, log)
    async with database.begin() as connection:
        row = (await connection.execute(sa.select(TABLE).where(TABLE.c.position == 10))).one()._asdict()
        await connection.execute(TABLE.insert().values(**(row | {"position": 11})))
    assert await verify(database, log) == (False, "changed", 11)


async def test_a_chain_rewritten_whole_without_the_key_is_found(database, log):
    await fill(database, log)
    for table in (TABLE, HEADS):
        await change(database, sa.delete(table))
    await fill(database, AuditLog(TABLE, b"x" * 32))
    assert await verify(database, log) == (False, "head_forged", 10)


async def test_a_head_moved_back_to_hide_a_cut_shows_against_the_log_stream(database, log):
    await fill(database, log, 5)
    async with database.begin() as connection:
        old = (await connection.execute(sa.select(HEADS))).one()._asdict()
    await fill(database, log, 5)
    async with database.read() as connection:
        known = await log.log_head(connection)
    await change(database, sa.delete(TABLE).where(TABLE.c.position > 5))
    await change(database, sa.update(HEADS).values(**old))
    assert await verify(database, log) == (True, None, None)
    assert await verify(database, log, known=known) == (False, "rolled_back", 10)
    forged = Head(3, known.mac, signature=known.signature)
    assert await verify(database, log, known=forged) == (False, "known_forged", 3)


async def test_the_head_goes_to_the_log_stream(database, log, caplog):
    await fill(database, log)
    with caplog.at_level("INFO"):
        async with database.read() as connection:
            head = await log.log_head(connection)
    [line] = [record for record in caplog.records if record.message == "audit_head"]
    assert (line.chain, line.position, line.signature) == ("sample_audit", 10, head.signature.hex())
    written = json.loads(JsonFormatter().format(line))
    assert head_of(written["head"]) == head
    assert await verify(database, log, known=head_of(written["head"])) == (True, None, None)


@pytest.mark.parametrize("word", ["x", "ä" * 150, "A" * 149, "A" * 160])
def test_what_is_no_head_is_told_apart(word):
    with pytest.raises(ValueError, match="not a signed head"):
        head_of(word)


async def test_a_chain_that_was_put_back_and_went_on_differs_from_the_logged_head(database, log):
    await fill(database, log, 5)
    async with database.read() as connection:
        known = await log.log_head(connection)
    for table in (TABLE, HEADS):
        await change(database, sa.delete(table))
    assert await verify(database, log) == (True, None, None)
    assert await verify(database, log, known=known) == (False, "rolled_back", 5)
    async with database.begin() as connection:
        await log.append(connection, *[Entry("mallory", "alert.revealed")] * 7)
    assert await verify(database, log) == (True, None, None)
    assert await verify(database, log, known=known) == (False, "rolled_back", 5)


async def test_retention_is_no_roll_back_but_a_checkpoint_put_back_is(database, log):
    await fill(database, log, 5)
    async with database.read() as connection:
        before = await log.log_head(connection)
        kept = (await connection.execute(sa.select(TABLE))).all()
        row = (await connection.execute(sa.select(HEADS))).one()._asdict()
    async with database.begin() as connection:
        await log.cut(connection, datetime.now(UTC) + timedelta(days=1))
    async with database.read() as connection:
        after = await log.log_head(connection)
    assert await verify(database, log, known=before) == (True, None, None)
    assert await verify(database, log, known=after) == (True, None, None)
    await change(database, sa.delete(TABLE))
    await change(database, sa.insert(TABLE).values([one._asdict() for one in kept]))
    await change(database, sa.update(HEADS).values(**row))
    assert await verify(database, log, known=after) == (False, "rolled_back", 6)


async def test_retention_cuts_at_a_signed_checkpoint(database):
    start = datetime(2026, 1, 1, tzinfo=UTC)
    days = iter(range(100))
    log = AuditLog(TABLE, KEY, now=lambda: start + timedelta(days=next(days)))
    for number in range(10):
        async with database.begin() as connection:
            await log.append(connection, entry(number))
    async with database.begin() as connection:
        assert await log.cut(connection, start + timedelta(days=4)) == 4
    assert await verify(database, log) == (True, None, None)
    async with database.read() as connection:
        [newest] = await log.list(connection, limit=1)
    assert (newest.action, newest.details) == ("audit.cut", {"removed": 4, "through": 4})
    async with database.begin() as connection:
        assert await log.cut(connection, start) == 0
    await change(database, sa.delete(TABLE).where(TABLE.c.position == 5))
    assert await verify(database, log) == (False, "missing", 5)


async def test_every_entry_may_be_cut(database, log):
    await fill(database, log)
    async with database.begin() as connection:
        assert await log.cut(connection, datetime.now(UTC) + timedelta(days=1)) == 10
    assert await verify(database, log) == (True, None, None)


async def test_refused_calls_become_one_entry_per_caller_call_and_minute(database, log):
    upkeep = AuditUpkeep(database, log)
    minute = datetime(2026, 1, 1, 12, 30, tzinfo=UTC)
    call = "AlertService/RevealAlertSubject"
    await upkeep.append_refusals([RefusalCount("scanner", call, "permission_missing", minute, 1000)])
    async with database.read() as connection:
        [record] = await log.list(connection, limit=10)
    assert (record.actor, record.action) == ("scanner", "call_refused")
    assert record.details == {
        "call": call,
        "count": 1000,
        "minute": "2026-01-01T12:30:00+00:00",
        "reason": "permission_missing",
    }


class Listened(AuditLog):
    """An audit log whose logged heads can be waited for."""

    def __init__(self):
        super().__init__(TABLE, KEY)
        self.logged = asyncio.Queue()

    async def log_head(self, connection):
        head = await super().log_head(connection)
        self.logged.put_nowait(head.position)
        return head


async def test_the_head_is_logged_again_when_it_has_moved(database):
    log = Listened()
    await fill(database, log, 3)
    task = asyncio.create_task(AuditUpkeep(database, log, period=0.01).log_heads())
    async with asyncio.timeout(60):
        assert await log.logged.get() == 3
        await fill(database, log, 2)
        assert await log.logged.get() == 5
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert log.logged.empty()

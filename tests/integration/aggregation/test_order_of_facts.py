"""In whatever order an engine adds a player's facts up, the player's row is the same."""

import asyncio
import itertools
import math
import random
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from typing import Any

import duckdb
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql

from aggregation_svc.adapters.bounding import bounding_plan, rows_plan
from aggregation_svc.adapters.period_facts import bounded_sums
from aggregation_svc.adapters.tables import progress_snapshots, sessions, subjects, therapeutic_outcomes
from aggregation_svc.adapters.transpiled_plan import transpiled
from aggregation_svc.domain import bounding
from aggregation_svc.domain.bounding import PlayerFacts, ProgressFacts, SessionFacts, bounded
from aggregation_svc.domain.periods import Grain
from aggregation_svc.domain.release_plan import MEASURES, RESOLUTION
from mesh.database import Database
from tests.integration.aggregation.test_bounding import PERIOD, store, table_of
from tests.prepared import prepared

MOST = 3
"""Facts of a crafted player."""
MEASURED = {measure.name: measure for measure in MEASURES}
MADE: dict[str, Callable[[float], PlayerFacts]] = {
    "minutes": lambda x: PlayerFacts([SessionFacts("sleep", "daily", "low", minutes=x)]),
    "engagement": lambda x: PlayerFacts([SessionFacts("sleep", "daily", "low", engagement=x)]),
    "sentiment": lambda x: PlayerFacts([SessionFacts("sleep", "daily", "low", sentiment=x)]),
    "overall_progress": lambda x: PlayerFacts(progress=[ProgressFacts(overall_progress=x)]),
    "goal_completion": lambda x: PlayerFacts(progress=[ProgressFacts(goal_completion=x)]),
}
"""A player of one fact that has this value and no other."""


def player_of(name: str, values: Sequence[float]) -> PlayerFacts:
    alone = [MADE[name](value) for value in values]
    return PlayerFacts([s for one in alone for s in one.sessions], [p for one in alone for p in one.progress])


def crafted(name: str, points: Sequence[float], seed: int) -> list[float]:
    """Return values whose sums in two orders are two floats, of which one of `points` parts the rows."""
    measure, draw = MEASURED[name], random.Random(seed)
    width = measure.caps[Grain.MONTH] - measure.floor
    count = 1 if measure.total else MOST
    while True:
        middle = (draw.randrange(100, RESOLUTION - 100) - draw.choice(points)) * width / RESOLUTION + measure.floor
        first, second = (draw.uniform(0.2, 0.9) * middle * count / MOST for _ in range(2))
        third = middle * count - first - second
        for _ in range(8):
            third = math.nextafter(third, math.inf)
            values = [first, second, third]
            sums = {sum(order) / count for order in itertools.permutations(values)}
            scaled = [(one - measure.floor) * (RESOLUTION / width) for one in sums]
            if any(len({math.floor(one + point) for one in scaled}) > 1 for point in points):
                return values


CRAFTED = [(name, crafted(name, (0.5, 0.500001), seed)) for name in MADE for seed in range(6)]


@pytest.mark.parametrize(("name", "values"), CRAFTED)
def test_the_definition_gives_one_row_in_every_order(name: str, values: list[float]) -> None:
    players = [player_of(name, order) for order in itertools.permutations(values)]
    assert len({bounded(player, Grain.MONTH, PERIOD.days) for player in players}) == 1


near = st.sampled_from(CRAFTED).flatmap(
    lambda one: st.tuples(
        st.just(one[0]),
        st.lists(st.sampled_from(one[1]) | st.floats(0, 1), min_size=2, max_size=40),
        st.randoms(use_true_random=False),
    )
)


@given(near)
def test_the_definition_gives_one_row_however_facts_near_the_point_are_shuffled(
    drawn: tuple[str, list[float], random.Random],
) -> None:
    name, values, draw = drawn
    shuffled = draw.sample(values, len(values))
    one, other = (bounded(player_of(name, order), Grain.MONTH, PERIOD.days) for order in (values, shuffled))
    assert one == other


def population() -> list[PlayerFacts]:
    """Each crafted player in every order, each order with a focus of its own."""
    players = []
    for name, values in CRAFTED:
        for number, order in enumerate(itertools.permutations(values)):
            player = player_of(name, order)
            focus = f"{name} {number}"
            marked = [replace(one, focus=focus) for one in player.sessions] or [SessionFacts(focus, "daily", "low")]
            players.append(replace(player, sessions=marked))
    return players


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    await prepared(database_url, "aggregation_svc")
    database = Database(database_url)
    async with database.begin() as connection:
        for number, player in enumerate(population()):
            await store(connection, number + 1, player)
    yield database
    await database.close()


def by_order(table: dict[tuple[str, str, str], list[int]]) -> dict[str, set[tuple[int, ...]]]:
    """Return the different rows by fact: one, if the order of a player's facts does not matter."""
    found: dict[str, set[tuple[int, ...]]] = {}
    for (focus, _, _), numbers in table.items():
        found.setdefault(focus.rpartition(" ")[0], set()).add(tuple(numbers))
    return found


async def test_a_database_gives_the_definitions_row_in_every_order(database: Database) -> None:
    async with database.read() as connection:
        table = table_of(await bounded_sums(connection, PERIOD))
    assert {name: len(rows) for name, rows in by_order(table).items()} == dict.fromkeys(MADE, 1)
    assert table == defined(population())


def defined(players: Sequence[PlayerFacts]) -> dict[tuple[str, str, str], list[int]]:
    return table_of(bounding.bounded_sums(players, Grain.MONTH, PERIOD.days))


async def test_an_engine_over_exports_gives_the_definitions_row_in_every_order(database: Database) -> None:
    with duckdb.connect(config={"threads": 1}) as engine:
        await copied(database, engine)
        rows = engine.execute(transpiled(bounding_plan(PERIOD))).fetchall()
        bounded_rows = engine.execute(transpiled(rows_plan(PERIOD))).fetchall()
    table = {row[:3]: list(row[3:]) for row in rows}
    assert table == defined(population())
    assert len(bounded_rows) == len(population())


async def copied(database: Database, engine: duckdb.DuckDBPyConnection) -> None:
    """Give DuckDB the same tables."""
    async with database.read() as connection:
        for table in (subjects, sessions, progress_snapshots, therapeutic_outcomes):
            columns = ", ".join(
                f"{column.name} {column.type.compile(dialect=postgresql.dialect())}"  # type: ignore[no-untyped-call]
                for column in table.columns
            )
            engine.execute(f"CREATE TABLE {table.name} ({columns})")
            held: list[Any] = [tuple(row) for row in await connection.execute(sa.select(table))]
            marks = ", ".join("?" * len(table.columns))
            if held:
                await asyncio.to_thread(engine.executemany, f"INSERT INTO {table.name} VALUES ({marks})", held)

"""TTA's graph into the store, over Bolt against ArcadeDB's server: what is taken, what is left out and why."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import neo4j
import pytest
from tta.analytics.v1 import ingestion_pb2, privacy_pb2

from mesh.refusal import Refusal, Unauthenticated, Unavailable
from tests.bolt import DATABASE, PASSWORD, USER, BoltServer, running_bolt
from tests.importing import Services, command_environment, served, wire
from tta_analytics.client.connection import AsyncClient
from tta_analytics.sources.marks import Marks
from tta_analytics.sources.neo4j.graph import Graph
from tta_analytics.sources.neo4j.importing import GraphImport
from tta_analytics.sources.neo4j.nodes import SOURCES
from tta_analytics.sources.players import Players
from tta_analytics.sources.tally import Tally

NOW = datetime.now(UTC).replace(microsecond=0)
PLAYER_API, GAMEPLAY, PROGRESS = SOURCES


def text(**back: float) -> str:
    """Return a time before now as the player API writes it: ISO text without a zone."""
    return (NOW - timedelta(**back)).replace(tzinfo=None).isoformat()


def native(**back: float) -> datetime:
    """Return a time before now as the gameplay loop writes it: the graph's own type."""
    return (NOW - timedelta(**back)).replace(tzinfo=None)


class Game:
    """Writes into the graph as TTA's services do."""

    def __init__(self, driver: neo4j.AsyncDriver) -> None:
        self._driver = driver

    async def write(self, query: str, **parameters: Any) -> None:
        async with self._driver.session(database=DATABASE) as session:
            await (await session.run(query, parameters)).consume()

    async def session(self, session_id: str, **properties: Any) -> None:
        await self.write("CREATE (s:Session) SET s = $all", all=player_session(session_id, **properties))

    async def gameplay(self, session_id: str, choices: int = 0, domains: Any = (), **properties: Any) -> None:
        whole = {
            "session_id": session_id,
            "user_id": "ada",
            "emotional_state": "calm",
            "is_active": False,
            "is_paused": False,
            "total_session_time": 1500.0,
            "session_start_time": native(hours=30),
            "last_activity_time": native(hours=29),
            "created_at": native(hours=30),
        } | properties
        await self.write(
            "CREATE (s:GameplaySession) SET s = $all "
            "FOREACH (i IN range(1, $choices) | CREATE (s)-[:MADE_CHOICE]->(:PlayerChoice {choice_id: i})) "
            "FOREACH (d IN $domains | CREATE (s)-[:ACHIEVES_PROGRESS]->(:Marker {therapeutic_domains: [d]}))",
            all={name: value for name, value in whole.items() if value is not None},
            choices=choices,
            domains=list(domains),
        )

    async def progress(self, progress_id: str, **properties: Any) -> None:
        whole = {
            "progress_id": progress_id,
            "user_id": "ada",
            "progress_value": 0.4,
            "achieved_at": NOW - timedelta(hours=3),
        } | properties
        await self.write("CREATE (p:TherapeuticProgress) SET p = $all", all=whole)


def player_session(session_id: str, **properties: Any) -> dict[str, Any]:
    whole = {
        "session_id": session_id,
        "player_id": "ada",
        "status": "completed",
        "created_at": text(hours=3),
        "last_interaction": text(hours=2),
        "interaction_count": 12,
        "total_duration_minutes": 40,
        "therapeutic_interventions_used": ["breathing", "grounding"],
        "therapeutic_settings": '{"intensity_level": 0.5, "therapeutic_focus": "anxiety"}',
    } | properties
    return {name: value for name, value in whole.items() if value is not None}


@pytest.fixture
async def services(tmp_path: Path) -> AsyncIterator[Services]:
    async with served(tmp_path, alerts=False) as running:
        yield running


@pytest.fixture(scope="module")
def bolt_server() -> Iterator[BoltServer]:
    with running_bolt() as server:
        yield server


@pytest.fixture
async def game(bolt_server: BoltServer) -> AsyncIterator[Game]:
    async with neo4j.AsyncGraphDatabase.driver(bolt_server.uri, auth=(USER, PASSWORD)) as driver:
        made = Game(driver)
        await made.write("MATCH (n) DETACH DELETE n")
        for source in SOURCES:
            # ArcadeDB warns of labels that it has never seen.
            await made.write(f"CREATE (n:{source.label}:Once) DETACH DELETE n")
        yield made


@asynccontextmanager
async def graph(port: int, *, seconds: float = 20.0, page_size: int = 100) -> AsyncIterator[Graph]:
    auth = (USER, PASSWORD)
    async with Graph(
        f"bolt://127.0.0.1:{port}", auth, database=DATABASE, timeout=seconds, page_size=page_size
    ) as opened:
        yield opened


async def imported(
    services: Services,
    port: int,
    *,
    players: Players | None = None,
    client: AsyncClient | None = None,
    dry_run: bool = False,
    now: datetime = NOW,
    consent: Any = ingestion_pb2.CONSENT_BASIS_REQUIRED,
    **options: Any,
) -> dict[str, Tally]:
    marks = Marks(services.settings.data_dir / "imports", "graph", "store")
    async with graph(port, **options) as opened:
        open_ingest = None if dry_run else lambda kind: (client or services.client).ingest(kind, consent=consent)
        work = GraphImport(opened, players or Players(), marks, open_ingest, now)
        return {source.label: await work.run(source) for source in SOURCES}


async def exported(services: Services, player: str) -> Any:
    async with AsyncClient(services.settings, token=services.settings.bearer()) as admin:
        return await admin.privacy.ExportSubject(privacy_pb2.ExportSubjectRequest(user_id=player))


async def test_both_models_of_a_session_and_progress_become_facts_of_one_player(
    services: Services, game: Game, bolt_server: BoltServer
):
    await services.consent("ada")
    await game.session("api-1")
    await game.gameplay("loop-1", choices=7, domains=["grief", "anxiety", "grief"])
    await game.progress("p-1")
    tallies = await imported(services, bolt_server.port)
    assert {label: (tally.stored, tally.left_out) for label, tally in tallies.items()} == {
        "Session": (1, 0),
        "GameplaySession": (1, 0),
        "TherapeuticProgress": (1, 0),
    }
    kept = str(await exported(services, "ada"))
    assert "anxiety" in kept
    assert "grief" in kept
    assert "api-1" not in kept


async def test_a_user_id_leads_to_the_player_that_the_file_of_pairs_names(
    services: Services, game: Game, bolt_server: BoltServer
):
    await services.consent("ada")
    await game.session("api-1", player_id="ada")
    await game.gameplay("loop-1", user_id="user-17")
    await game.gameplay("loop-2", user_id="user-99")
    tallies = await imported(services, bolt_server.port, players=Players({"user-17": "ada"}))
    assert [tally.stored for tally in tallies.values()] == [1, 1, 0]
    assert tallies["GameplaySession"].refusals == {"user_id: is not in the file of players": 1}


async def test_a_session_is_taken_when_it_is_completed_or_idle_for_a_day(
    services: Services, game: Game, bolt_server: BoltServer
):
    await services.consent("ada")
    await game.session("running", status="active")
    await game.session("paused", status="paused", created_at=text(hours=25), last_interaction=text(hours=23.5))
    await game.session("idle", status="active", created_at=text(hours=26), last_interaction=text(hours=25))
    await game.gameplay("open", is_active=True, last_activity_time=native(hours=1))
    await game.gameplay("left", is_active=True, last_activity_time=native(hours=25))
    first = await imported(services, bolt_server.port)
    assert (first["Session"].stored, first["Session"].unfinished) == (1, 2)
    assert (first["GameplaySession"].stored, first["GameplaySession"].unfinished) == (1, 1)
    later = await imported(services, bolt_server.port, now=NOW + timedelta(days=1))
    assert (later["Session"].stored, later["Session"].unchanged, later["Session"].unfinished) == (2, 1, 0)
    assert later["GameplaySession"].stored == 1


async def test_the_next_run_reads_from_a_day_before_the_mark_and_changes_nothing(
    services: Services, game: Game, bolt_server: BoltServer
):
    await services.consent("ada")
    await game.session("old", created_at=text(days=9), last_interaction=text(days=9))
    await game.session("new")
    assert (await imported(services, bolt_server.port))["Session"].stored == 2
    again = (await imported(services, bolt_server.port))["Session"]
    assert (again.read, again.stored, again.unchanged) == (1, 0, 1)


async def test_a_session_whose_time_is_written_with_a_space_is_read_again_when_it_is_idle(
    services: Services, game: Game, bolt_server: BoltServer
):
    await services.consent("ada")
    run = (NOW - timedelta(days=3)).replace(hour=16, minute=0, second=0)
    began, last = run - timedelta(hours=25), run - timedelta(hours=23.5)
    await game.session("done", created_at=began.isoformat(), last_interaction=run.isoformat())
    await game.session("paused", status="paused", created_at=str(began), last_interaction=str(last))
    assert (await imported(services, bolt_server.port, now=run))["Session"].unfinished == 1
    assert (await imported(services, bolt_server.port, now=run + timedelta(hours=1)))["Session"].stored == 1


async def test_pages_cover_every_node_once_however_many_share_a_moment(
    services: Services, game: Game, bolt_server: BoltServer
):
    rows = [player_session(f"s-{number}") for number in range(230)]
    await game.write("UNWIND $rows AS row CREATE (s:Session) SET s = row", rows=rows)
    tally = (await imported(services, bolt_server.port, dry_run=True))["Session"]
    assert (tally.read, tally.ready) == (230, 230)


async def test_without_consent_nothing_is_stored_and_the_count_says_so(
    services: Services, game: Game, bolt_server: BoltServer
):
    await game.session("api-1", player_id="nobody-asked")
    tally = (await imported(services, bolt_server.port))["Session"]
    assert (tally.stored, tally.without_consent) == (0, 1)


async def test_what_is_wrong_is_left_out_with_its_reason_and_the_rest_is_stored(
    services: Services, game: Game, bolt_server: BoltServer
):
    await services.consent("ada")
    await game.session("good")
    await game.session("nobody", player_id=None)
    await game.session("blank", player_id="  ")
    await game.session("list", player_id=["ada"])
    await game.session("number", interaction_count="many")
    await game.session("negative", total_duration_minutes=-5)
    await game.session("no-start", created_at="yesterday")
    await game.session("odd-time", last_interaction=17)
    await game.session("ahead", created_at=text(days=-1), last_interaction=text(days=-1))
    await game.progress("over", progress_value=40)
    tallies = await imported(services, bolt_server.port)
    assert tallies["Session"].stored == 1
    assert tallies["Session"].refusals == {
        "player_id: is missing": 1,
        "player_id: is empty; give the player's id": 1,
        "player_id: must be text": 1,
        "interaction_count: must be a whole number": 1,
        "duration_minutes: must be greater than or equal to 0 and less than or equal to 1440": 1,
        "started_at: must be a time like 2026-03-01T12:30:00Z (without a zone: UTC)": 1,
        "updated_at: must be a time like 2026-03-01T12:30:00Z (without a zone: UTC)": 1,
        "started_at: must be at most 5 minutes in the future": 1,
    }
    assert tallies["TherapeuticProgress"].left_out == 1


async def test_a_clock_a_day_ahead_does_not_carry_the_mark_past_what_is_still_to_come(
    services: Services, game: Game, bolt_server: BoltServer
):
    await services.consent("ada")
    await game.session("ahead", created_at=text(days=-1), last_interaction=text(days=-1))
    assert (await imported(services, bolt_server.port))["Session"].left_out == 1
    await game.session("late", created_at=text(hours=9), last_interaction=text(hours=8))
    assert (await imported(services, bolt_server.port))["Session"].stored == 1


async def test_a_dry_run_counts_and_sends_nothing(services: Services, game: Game, bolt_server: BoltServer):
    await services.consent("ada")
    await game.session("api-1")
    dry = (await imported(services, bolt_server.port, dry_run=True))["Session"]
    assert (dry.ready, dry.stored) == (1, 0)
    assert (await imported(services, bolt_server.port))["Session"].stored == 1


async def test_a_server_that_hangs_ends_the_run_within_its_time_limit(services: Services):
    async with wire(1) as silent:
        silent.silent = True
        async with asyncio.timeout(15):
            with pytest.raises(Unavailable, match="the next run goes on"):
                await imported(services, silent.port, seconds=0.5)


async def test_a_connection_dropped_in_the_middle_of_a_page_leaves_whole_pages_and_the_next_run_goes_on(
    services: Services, game: Game, bolt_server: BoltServer
):
    await services.consent("ada")
    rows = [player_session(f"s-{number}", last_interaction=text(minutes=400 - number)) for number in range(400)]
    await game.write("UNWIND $rows AS row CREATE (s:Session) SET s = row", rows=rows)
    async with wire(bolt_server.port) as line:
        line.cut_after = 100_000
        with pytest.raises(Unavailable):
            await imported(services, line.port, seconds=20)
    left = (await imported(services, bolt_server.port))["Session"]
    assert left.stored + left.unchanged == 400
    assert left.stored % 100 == 0
    assert 0 < left.unchanged < 400


async def test_a_token_under_another_secret_issuer_or_audience_moves_nothing(
    tmp_path: Any, game: Game, bolt_server: BoltServer
):
    await game.session("api-1")
    async with served(tmp_path, alerts=False, auth_issuer="tta", auth_audience="analytics") as services:
        await services.consent("ada")
        wrong = {
            "token_invalid": services.token(issuer="tta", audience="analytics", secret="x" * 64),
            "token_issuer": services.token(issuer="other", audience="analytics"),
            "token_audience": services.token(issuer="tta", audience="other"),
        }
        for reason, token in wrong.items():
            async with services.client_with(token) as stranger:
                with pytest.raises(Refusal) as refused:
                    await imported(services, bolt_server.port, client=stranger)
            assert isinstance(refused.value, Unauthenticated)
            assert refused.value.reason == reason
        assert (await imported(services, bolt_server.port))["Session"].stored == 1


async def test_the_command_prints_the_mapping_then_the_counts_and_exits_with_3_where_something_was_left_out(
    services: Services, game: Game, bolt_server: BoltServer
):
    await services.consent("ada")
    await game.session("api-1")
    await game.session("nobody", player_id=None)
    environment = command_environment(
        services,
        TTA_NEO4J_URI=bolt_server.uri,
        TTA_NEO4J_USER=USER,
        TTA_NEO4J_PASSWORD=PASSWORD,
        TTA_NEO4J_DATABASE=DATABASE,
    )

    async def command(*options: str) -> subprocess.CompletedProcess[str]:
        arguments = [sys.executable, "-m", "tta_analytics", "import", "neo4j", *options]
        return await asyncio.to_thread(
            subprocess.run, arguments, env=environment, capture_output=True, text=True, check=False
        )

    dry, done = await asyncio.gather(command("--dry-run"), command())
    assert "total_session_time (seconds) / 60" in dry.stdout
    assert "Session: 2 read, 0 not over yet, 1 would be sent, 1 left out" in dry.stdout
    assert "Session: 2 read, 0 not over yet, 1 stored, 0 unchanged, 0 without consent, 1 left out" in done.stdout
    assert "Session: 1 left out, player_id: is missing" in done.stderr
    assert (dry.returncode, done.returncode) == (3, 3)

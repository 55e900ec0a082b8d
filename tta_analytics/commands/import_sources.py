"""`import neo4j|redis`: TTA's own stores into the services."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from tta_analytics.commands.import_facts import BASES, Basis, Consent
from tta_analytics.commands.session import console, errors, open_client, run
from tta_analytics.importing.rows import UnreadableFile, read
from tta_analytics.settings import CommandSettings
from tta_analytics.sources.choices import Choices
from tta_analytics.sources.marks import Marks
from tta_analytics.sources.neo4j.graph import Graph
from tta_analytics.sources.neo4j.importing import GraphImport
from tta_analytics.sources.neo4j.nodes import SOURCES
from tta_analytics.sources.players import Players, read_players
from tta_analytics.sources.redis.cache import Cache
from tta_analytics.sources.redis.importing import CacheImport
from tta_analytics.sources.redis.records import SHAPES
from tta_analytics.sources.tally import Tally

DryRun = Annotated[bool, typer.Option("--dry-run", help="Count what would be sent, and send nothing.")]
PlayersFile = Annotated[
    Path | None,
    typer.Option(
        exists=True,
        dir_okay=False,
        help="CSV of user_id,player_id, where a player's user id and player id differ. Left out: they are the same.",
    ),
]
SettingsFile = Annotated[
    Path | None,
    typer.Option(
        "--settings",
        exists=True,
        dir_okay=False,
        help="TTA's PrivacySettings, as `import consents` reads them: what a player excludes there is not sent.",
    ),
]
FromStart = Annotated[bool, typer.Option("--from-start", help="Read everything again; what is known changes nothing.")]
PageSize = Annotated[int, typer.Option(min=100, max=50_000, help="Nodes read at once; bounds the memory.")]


def neo4j(
    consent: Basis = Consent.REQUIRED,
    dry_run: DryRun = False,
    players: PlayersFile = None,
    switches: SettingsFile = None,
    from_start: FromStart = False,
    page_size: PageSize = 5_000,
) -> None:
    """Import sessions and progress from TTA's graph: what changed since the last run, and a day before.

    A session is taken when it is completed, or without interaction for 24 hours. Where: TTA_NEO4J_URI, TTA_NEO4J_USER,
    TTA_NEO4J_PASSWORD, TTA_NEO4J_DATABASE. A dry run also prints which property becomes what.

    Example: TTA_NEO4J_URI=bolt://neo4j:7687 tta-analytics import neo4j --dry-run
    """

    async def command(settings: CommandSettings) -> dict[str, Tally]:
        if settings.neo4j_uri is None:
            raise UnreadableFile("TTA_NEO4J_URI: is not set; write bolt://host:7687 or neo4j://host:7687")
        now = datetime.now(UTC)
        known = Players() if players is None else read_players(players)
        choices = Choices() if switches is None else Choices.read(read(switches), known, now)
        marks = Marks(
            settings.data_dir / "imports",
            f"{settings.neo4j_uri}/{settings.neo4j_database or ''}",
            settings.target("aggregation"),
        )
        if from_start:
            marks.clear()
        password = settings.neo4j_password.get_secret_value() if settings.neo4j_password else ""
        graph = Graph(
            settings.neo4j_uri,
            (settings.neo4j_user, password) if password else None,
            database=settings.neo4j_database,
            timeout=settings.neo4j_timeout.total_seconds(),
            page_size=page_size,
        )
        async with graph, open_client(settings) as client:
            open_ingest = None if dry_run else lambda kind: client.ingest(kind, consent=BASES[consent])
            work = GraphImport(graph, known, marks, open_ingest, now, choices)
            tallies: dict[str, Tally] = {}
            with errors.status("Reading the graph") as status:
                for source in SOURCES:
                    tallies[source.label] = await work.run(
                        source,
                        lambda tally, label=source.label: status.update(f"{label}: {tally.read:,} read"),  # type: ignore[misc]
                    )
            return tallies

    if dry_run:
        _print_mapping()
    started = datetime.now(UTC)
    print_tallies(run(command), dry_run=dry_run, seconds=(datetime.now(UTC) - started).total_seconds())


def redis(
    consent: Basis = Consent.REQUIRED,
    dry_run: DryRun = False,
    players: PlayersFile = None,
    switches: SettingsFile = None,
) -> None:
    """Import what TTA's cache holds: sessions and progress as facts, and a signal for each record that changed.

    Reads session:*, tta:session:* and tta:analytics:* by SCAN and writes nothing. Where: TTA_GAME_REDIS_URL.

    Example: TTA_GAME_REDIS_URL=redis://redis:6379/0 tta-analytics import redis
    """

    async def command(settings: CommandSettings) -> dict[str, Tally]:
        if settings.game_redis_url is None:
            raise UnreadableFile("TTA_GAME_REDIS_URL: is not set; write redis://host:6379/0")
        now = datetime.now(UTC)
        known = Players() if players is None else read_players(players)
        choices = Choices() if switches is None else Choices.read(read(switches), known, now)
        marks = Marks(
            settings.data_dir / "imports",
            settings.game_redis_url.rpartition("@")[2],
            f"{settings.target('aggregation')} {settings.target('monitoring')}",
        )
        cache = Cache(settings.game_redis_url, timeout=settings.call_timeout.total_seconds())
        async with cache, open_client(settings) as client:
            open_ingest = None if dry_run else lambda kind: client.ingest(kind, consent=BASES[consent])
            work = CacheImport(cache, known, marks, open_ingest, now, choices)
            return {shape.pattern: await work.run(shape) for shape in SHAPES}

    started = datetime.now(UTC)
    print_tallies(run(command), dry_run=dry_run, seconds=(datetime.now(UTC) - started).total_seconds())


def _print_mapping() -> None:
    for source in SOURCES:
        table = Table("fact", "comes from", title=f"{source.label} -> {source.kind}", title_justify="left")
        for name, origin in source.mapping:
            table.add_row(name, origin)
        console.print(table)


def print_tallies(tallies: dict[str, Tally], *, dry_run: bool, seconds: float) -> None:
    """Print what became of the records, and why some were left out; exit code 3 where some were."""
    for name, tally in tallies.items():
        fate = (
            f"{tally.ready:,} would be sent"
            if dry_run
            else f"{tally.stored:,} stored, {tally.unchanged:,} unchanged, {tally.without_consent:,} without consent"
        )
        counts = [f"{tally.read:,} read", f"{tally.unfinished:,} not over yet", fate, f"{tally.left_out:,} left out"]
        counts += [f"{tally.expired:,} expired"] if tally.expired else []
        counts += [f"{tally.alerts:,} alerts"] if tally.alerts else []
        console.print(f"{name}: {', '.join(counts)}", highlight=False, markup=False)
        for reason, count in tally.refusals.most_common():
            errors.print(f"  {name}: {count:,} left out, {reason}", markup=False)
    console.print(f"{'Dry run, nothing was sent; ' if dry_run else ''}{seconds:.1f} s", highlight=False)
    if any(tally.left_out for tally in tallies.values()):
        raise typer.Exit(3)

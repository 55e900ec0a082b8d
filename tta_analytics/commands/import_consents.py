"""`import consents FILE`: what TTA's players decided in their privacy settings."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import typer

from tta_analytics.commands.import_facts import File, Map, columns_of
from tta_analytics.commands.import_sources import PlayersFile
from tta_analytics.commands.session import console, errors, open_client, run
from tta_analytics.importing.rows import Reject, Row, read
from tta_analytics.importing.run import check_names
from tta_analytics.settings import CommandSettings
from tta_analytics.sources.consents import ConsentImport
from tta_analytics.sources.players import Players, read_players
from tta_analytics.sources.privacy_settings import SWITCHES
from tta_analytics.sources.tally import Tally

FIELDS = ("player_id", "user_id", "changed_at", *SWITCHES)
"""Fields that may have columns of another name."""


def consents(file: File, players: PlayersFile = None, mapping: Map = None) -> None:
    """Import consent from TTA's PrivacySettings: columns player_id, changed_at, and the switches by their names.

    Settings without changed_at were never touched by their player: they are TTA's defaults and no consent. A decision
    that was made here after changed_at stands.

    Example: tta-analytics import consents privacy_settings.jsonl --map changed_at=updated
    """

    async def command(settings: CommandSettings) -> Tally:
        renamed = columns_of(mapping or [])
        check_names(file, FIELDS, renamed)
        known = Players() if players is None else read_players(players)
        async with open_client(settings) as client:
            return await ConsentImport(client, known, datetime.now(UTC)).run(_rows(file, renamed))

    tally = run(command)
    console.print(
        f"{tally.read:,} read, {tally.stored:,} set, {tally.unchanged:,} unchanged, "
        f"{tally.unfinished:,} never decided, {tally.left_out:,} left out",
        highlight=False,
    )
    for reason, count in tally.refusals.most_common():
        errors.print(f"  {count:,} left out, {reason}", markup=False)
    if tally.left_out:
        raise typer.Exit(3)


def _rows(file: Path, renamed: Mapping[str, str]) -> Iterator[Row | Reject]:
    for row in read(file):
        if isinstance(row, Row) and renamed:
            named = {field: row.values[column] for field, column in renamed.items() if column in row.values}
            row = replace(row, values={**row.values, **named})
        yield row

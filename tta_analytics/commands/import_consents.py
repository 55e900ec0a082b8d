"""`import consents FILE`: what TTA's players decided in their privacy settings."""

from datetime import UTC, datetime

import typer

from tta_analytics.commands.import_facts import File
from tta_analytics.commands.import_sources import PlayersFile
from tta_analytics.commands.session import console, errors, open_client, run
from tta_analytics.importing.rows import read
from tta_analytics.settings import CommandSettings
from tta_analytics.sources.consents import ConsentImport
from tta_analytics.sources.players import Players, read_players
from tta_analytics.sources.tally import Tally


def consents(file: File, players: PlayersFile = None) -> None:
    """Import consent from TTA's PrivacySettings: columns player_id, changed_at, and the switches by their names.

    Settings without changed_at were never touched by their player: they are TTA's defaults and no consent. A decision
    that the player made here later stands.

    Example: tta-analytics import consents privacy_settings.jsonl
    """

    async def command(settings: CommandSettings) -> Tally:
        known = Players() if players is None else read_players(players)
        async with open_client(settings) as client:
            return await ConsentImport(client, known, datetime.now(UTC)).run(read(file))

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

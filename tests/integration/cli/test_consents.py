"""TTA's privacy settings into consent: decisions only, and never over a newer one."""

import asyncio
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tta.analytics.v1 import ingestion_pb2, privacy_pb2

from mesh.identity import make_token
from tests.importing import Services, command_environment
from tta_analytics.client import AsyncClient
from tta_analytics.importing.rows import Reject, Row
from tta_analytics.sources.consents import AT_ONCE, ConsentImport
from tta_analytics.sources.players import Players
from tta_analytics.sources.tally import Tally

NOW = datetime.now(UTC)
YES = {"data_collection_consent": True, "anonymous_analytics_enabled": True}


def row(player: Any, *, days_ago: float | None = 1, **switches: Any) -> Row:
    changed = {} if days_ago is None else {"changed_at": (NOW - timedelta(days=days_ago)).isoformat()}
    return Row(1, {"player_id": player, **changed, **YES, **switches})


async def imported(services: Services, *rows: Row | Reject) -> Tally:
    async with AsyncClient(services.settings, token=services.settings.bearer()) as admin:
        return await ConsentImport(admin, Players(), NOW).run(rows)


async def standing(services: Services, player: str) -> tuple[bool, bool]:
    async with AsyncClient(services.settings, token=services.settings.bearer()) as admin:
        found = await admin.privacy.GetConsent(privacy_pb2.GetConsentRequest(user_id=player))
    return found.analytics, found.research


async def test_what_a_player_decided_is_set_once(services: Services):
    rows = (row("ada"), row("bob", research_participation_consent="true"), row("cyd", data_collection_consent=False))
    tally = await imported(services, *rows)
    assert (tally.stored, tally.unchanged) == (3, 0)
    assert await standing(services, "ada") == (True, False)
    assert await standing(services, "bob") == (True, True)
    assert await standing(services, "cyd") == (False, False)
    assert (await imported(services, *rows)).stored == 0


async def test_defaults_that_nobody_touched_are_no_consent(services: Services):
    tally = await imported(services, row("ada", days_ago=None))
    assert (tally.unfinished, tally.stored) == (1, 0)
    assert await standing(services, "ada") == (False, False)


async def test_a_no_that_was_said_here_later_stands(services: Services):
    await services.client.ingestion.SetConsent(ingestion_pb2.SetConsentRequest(user_id="ada", analytics=True))
    await services.client.ingestion.SetConsent(ingestion_pb2.SetConsentRequest(user_id="ada", analytics=False))
    assert (await imported(services, row("ada"))).unchanged == 1
    assert await standing(services, "ada") == (False, False)


async def test_a_no_counts_that_was_said_before_the_older_yes_was_taken_over(services: Services):
    assert (await imported(services, row("ada", days_ago=2, research_participation_consent=True))).stored == 1
    assert (await imported(services, row("ada", days_ago=1, data_collection_consent=False))).stored == 1
    assert await standing(services, "ada") == (False, False)
    assert (await imported(services, row("ada", days_ago=2))).unchanged == 1
    assert await standing(services, "ada") == (False, False)


async def test_the_newest_row_of_a_player_counts_wherever_it_stands(services: Services):
    for player, days in (("ada", (2, 1)), ("bob", (1, 2))):
        rows = (row(player, days_ago=ago, data_collection_consent=ago == 2) for ago in days)
        assert (await imported(services, *rows)).read == 2
        assert await standing(services, player) == (False, False)


async def test_the_newest_row_counts_also_where_the_file_is_sent_in_parts(services: Services):
    others = [row(f"player-{number}") for number in range(AT_ONCE)]
    await imported(services, row("ada", days_ago=1), *others, row("ada", days_ago=2, data_collection_consent=False))
    assert await standing(services, "ada") == (True, False)


class Interrupted(AsyncClient):
    """A client whose player says no just before what was read is set."""

    def __init__(self, services: Services, player: AsyncClient) -> None:
        super().__init__(services.settings, token=services.settings.bearer())
        self._player = player

    @property
    def ingestion(self) -> Any:
        return self

    async def SetConsents(self, request: ingestion_pb2.SetConsentsRequest) -> Any:
        await self._player.ingestion.SetConsent(ingestion_pb2.SetConsentRequest(user_id="ada", analytics=False))
        return await super().ingestion.SetConsents(request)


async def test_a_no_that_the_player_says_while_the_file_is_read_stands(services: Services):
    secret = services.environment["TTA_AUTH_SECRET_KEY"]
    async with (
        services.client_with(make_token(secret, "ada", "player", timedelta(minutes=5))) as ada,
        Interrupted(services, ada) as admin,
    ):
        await ConsentImport(admin, Players(), NOW).run([row("ada")])
    assert await standing(services, "ada") == (False, False)


async def test_a_moment_before_2000_leaves_the_row_out_and_no_other(services: Services):
    tally = await imported(services, row("ada", days_ago=20_000), row("bob"))
    assert (tally.stored, tally.refusals) == (1, {"changed_at: must not be before 2000-01-01": 1})


async def test_a_yes_that_the_player_said_here_later_stands(services: Services):
    secret = services.environment["TTA_AUTH_SECRET_KEY"]
    async with services.client_with(make_token(secret, "ada", "player", timedelta(minutes=5))) as ada:
        await ada.ingestion.SetConsent(ingestion_pb2.SetConsentRequest(user_id="ada", analytics=True))
    assert (await imported(services, row("ada", data_collection_consent=False))).unchanged == 1
    assert await standing(services, "ada") == (True, False)


async def test_what_leads_to_nobody_or_to_no_time_is_left_out(services: Services):
    tally = await imported(services, row(None), row("ada", days_ago=-1), Reject(3, "", "not CSV"))
    assert tally.refusals == {
        "player_id: is missing": 1,
        "changed_at: must be a time, and not in the future": 1,
        "not CSV": 1,
    }


async def test_the_command_reads_a_file(services: Services, tmp_path: Path):
    file = tmp_path / "settings.jsonl"
    ada = {("touched" if name == "changed_at" else name): value for name, value in row("ada").values.items()}
    file.write_text(json.dumps(ada) + "\n" + json.dumps({"player_id": "bob", **YES}) + "\n")
    command = [sys.executable, "-m", "tta_analytics", "import", "consents", str(file), "--map", "changed_at=touched"]
    done = await asyncio.to_thread(
        subprocess.run, command, env=command_environment(services), capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "2 read, 1 set, 0 unchanged, 1 never decided, 0 left out", done.stderr
    assert done.returncode == 0

"""The main job on real input: a learning platform's sessions in, monthly releases out, by command line and REST."""

import csv
import json
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.platform import Platform, running_platform

MOODLE = Path(__file__).resolve().parents[4] / "shared" / "data" / "moodle_edify_sessions.csv"
IMPORT = (
    *("import", "sessions", str(MOODLE), "--consent", "asserted"),
    *("--map", "started_at=session_start", "--map", "therapeutic_focus=module"),
    *("--map", "therapeutic_interventions_count=interventions", "--map", "progress_markers_count=progress"),
)

pytestmark = pytest.mark.skipif(not MOODLE.exists(), reason="needs ../shared/data/moodle_edify_sessions.csv")


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    with running_platform(tmp_path_factory.mktemp("moodle"), TTA_FOCUS_NAMES="Module 1 F20,Module 1 SP20") as platform:
        yield platform


def counts(done: subprocess.CompletedProcess[str]) -> dict[str, int]:
    """Read the closing line of an import."""
    assert done.returncode in {0, 3}, done.stdout + done.stderr
    words = ("stored", "unchanged", "without consent", "lines rejected")
    return {word: int(re.search(rf"([\d,]+) {word}", done.stdout)[1].replace(",", "")) for word in words}  # type: ignore[index]


def token(platform: Platform) -> dict[str, str]:
    return {"Authorization": f"Bearer {platform.command('token').stdout.strip()}"}


def test_a_killed_import_goes_on_and_nothing_is_lost_or_doubled(platform: Platform) -> None:
    with MOODLE.open(newline="") as file:
        lines = sum(1 for _ in csv.DictReader(file))
    killed = platform.popen(*IMPORT)
    checkpoints = platform.folder / "imports"
    while not list(checkpoints.glob("*.json")) and killed.poll() is None:
        time.sleep(0.005)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    first = counts(platform.command(*IMPORT))
    assert first["lines rejected"] == 0
    again = counts(platform.command(*IMPORT))
    assert again["stored"] == 0
    assert again["unchanged"] == lines


def test_a_month_is_released_once_and_read_by_command_line_and_rest(platform: Platform) -> None:
    counts(platform.command(*IMPORT))
    printed = platform.command("release", "create", "2020-10-01")
    assert printed.returncode == 0, printed.stderr
    assert "Module 1 F20" in printed.stdout
    assert platform.command("release", "create", "2020-10-01").stdout == printed.stdout
    answer = httpx.get(f"{platform.url}/api/v1/cohorts", params={"level": "focus"}, headers=token(platform), timeout=60)
    assert answer.status_code == httpx.codes.OK, answer.text
    assert {cohort["cell"]["therapeutic_focus"] for cohort in answer.json()["cohorts"]} >= {"Module 1 F20", "other"}
    budget = httpx.get(f"{platform.url}/api/v1/privacy/budget", headers=token(platform), timeout=60).json()
    releases = httpx.get(f"{platform.url}/api/v1/releases", headers=token(platform), timeout=60).json()["releases"]
    assert budget["lifetime_spent_micros"] == sum(release["epsilon_micros"] for release in releases)


def test_no_user_id_is_found_in_any_file_of_the_platform(platform: Platform, tmp_path: Path) -> None:
    marked = tmp_path / "marked.csv"
    marked.write_text("user_id,started_at\nZaphod-Q7-Beeblebrox,2026-01-02T03:04:05Z\n")
    assert counts(platform.command("import", "sessions", str(marked), "--consent", "asserted"))["stored"] == 1
    httpx.get(f"{platform.url}/api/v1/consents/Zaphod-Q7-Beeblebrox", headers=token(platform), timeout=60)
    metrics = "".join(
        httpx.get(f"http://127.0.0.1:{platform.settings[name]}/metrics", timeout=60).text
        for name in platform.settings
        if name.endswith("_HTTP_PORT")
    )
    assert "tta_analytics_" in metrics
    assert "Beeblebrox" not in metrics
    files = [path for path in platform.folder.rglob("*") if path.is_file()]
    assert any(path.suffix == ".db" for path in files)
    assert [path for path in files if b"Beeblebrox" in path.read_bytes()] == []


def test_a_refusal_is_one_line_that_says_what_to_do(platform: Platform) -> None:
    refused = platform.command("release", "create", "2020-10-05")
    assert refused.returncode == 1
    assert "2020-10-01" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_health_is_answered_on_every_seed_port(platform: Platform) -> None:
    ports = platform.settings["TTA_GATEWAY_LEGACY_PORTS"].split(",")
    answers = [httpx.get(f"http://127.0.0.1:{port}/health", timeout=60) for port in ports]
    assert [json.loads(answer.text)["status"] for answer in answers] == ["healthy"] * 3

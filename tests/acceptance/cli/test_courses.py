"""Real courses as their owner would bring them in: files by the command line, a training by the service's call."""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from benchmarks.outcomes.files import players, written
from benchmarks.outcomes.oulad import FOLDER
from tests.platform import Platform, running_platform

pytestmark = [
    pytest.mark.skipif(not FOLDER.is_dir(), reason=f"the courses are not at {FOLDER}"),
    pytest.mark.timeout(1800),
]

COURSES = {"AAA", "EEE"}
"""Two small courses of one presentation, so that the test takes minutes."""


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    with running_platform(tmp_path_factory.mktemp("courses")) as platform:
        yield platform


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, int]]:
    folder = tmp_path_factory.mktemp("files")
    return folder, written(folder, players(("2013J",), COURSES))


def stored(platform: Platform, kind: str, file: Path) -> int:
    done = platform.command("import", kind, str(file))
    assert done.returncode == 0, done.stdout + done.stderr
    found = re.search(r"([\d,]+) (?:stored|set)", done.stdout)
    assert found, done.stdout
    return int(found[1].replace(",", ""))


def ended(asking: httpx.Client, training_id: str) -> Any:
    deadline = time.monotonic() + 1500
    while True:
        training = asking.get(f"/api/v1/trainings/{training_id}").raise_for_status().json()
        if training["state"] not in ("pending", "running") or time.monotonic() > deadline:
            return training
        time.sleep(1.0)


def test_courses_are_imported_and_a_model_of_them_is_trained_and_asked(
    platform: Platform, files: tuple[Path, dict[str, int]]
) -> None:
    folder, lines = files
    for kind in ("consents", "sessions", "progress", "outcomes"):
        assert stored(platform, kind, folder / f"{kind}.csv") == lines[kind]
    token = platform.command("token").stdout.strip()
    with httpx.Client(base_url=platform.url, headers={"Authorization": f"Bearer {token}"}, timeout=60) as asking:
        begun = asking.post("/api/v1/models:train", json={"observation_days": 120}).raise_for_status().json()
        training = ended(asking, begun["training_id"])
        assert training["state"] == "succeeded", training
        model = asking.get(f"/api/v1/models/{training['model_id']}").raise_for_status().json()
        measured = {one["name"]: one for one in model["metrics"] if one["evaluation"] == "by_subject"}
        for name, one in measured.items():
            print(f"{name} {one['value']:.3f} ({one['lower']:.3f} to {one['upper']:.3f})")
        assert model["state"] == "active", model["note"]
        assert measured["margin"]["value"] > 0.02
        assert measured["auc"]["value"] > 0.8
        waiting = next(user for user, history in players(("2013J",), COURSES) if not history.decided_by(120.0))
        said = asking.post("/api/v1/predictions:subject", json={"user_id": waiting}).raise_for_status().json()
        assert 0.0 <= said["lower"] <= said["probability"] <= said["upper"] <= 1.0
        assert said["reasons"]

"""A real Prometheus and Alertmanager beside a running platform, with the rules that are deployed, in quicker time."""

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import yaml

from tests.platform import Platform
from tests.servers import dying, ended, free_port

ROOT = Path(__file__).parents[2] / "deploy/observability"
PROCESSES = ("aggregation", "reporting", "monitoring", "gateway")


class Observers:
    """Prometheus at `url`; its Alertmanager posts to the platform's own webhook."""

    def __init__(self, url: str) -> None:
        self.url = url

    def query(self, expr: str) -> list[dict[str, Any]]:
        answer = httpx.get(f"{self.url}/api/v1/query", params={"query": expr}, timeout=20)
        assert answer.status_code == 200, (expr, answer.text)
        found: list[dict[str, Any]] = answer.json()["data"]["result"]
        return found

    def eventually(self, expr: str, seconds: float = 240) -> list[dict[str, Any]]:
        return eventually(lambda: self.query(expr), seconds)


def eventually(ask: Callable[[], Any], seconds: float = 240) -> Any:
    """Return what `ask` returns once it is true; asked until then."""
    deadline = time.monotonic() + seconds
    while not (found := ask()):
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.2)
    return found


def quick_rules(folder: Path) -> list[str]:
    """Copy the rules with every waiting time cut to a second."""
    files = []
    for file in sorted((ROOT / "prometheus/rules").glob("*.yml")):
        rules = yaml.safe_load(file.read_text())
        for group in rules["groups"]:
            group["interval"] = "1s"
            for rule in group["rules"]:
                if "for" in rule:
                    rule["for"] = "1s"
        (folder / file.name).write_text(yaml.safe_dump(rules))
        files.append(str(folder / file.name))
    return files


@contextmanager
def observed(platform: Platform, folder: Path, prometheus: str, alertmanager: str) -> Iterator[Observers]:
    """Run both programs until the block ends."""
    folder.mkdir(parents=True, exist_ok=True)
    ports = {"prometheus": free_port(), "alertmanager": free_port()}
    token = platform.command("token", "--role", "service", "--minutes", "600").stdout.strip()
    (folder / "token").write_text(token)
    routing = yaml.safe_load((ROOT / "alertmanager/alertmanager.yml").read_text())
    routing["route"] |= {"group_wait": "0s", "group_interval": "1s"}
    routing["route"]["routes"] = [each for each in routing["route"]["routes"] if each["receiver"] == "platform"]
    routing["receivers"] = [each for each in routing["receivers"] if each["name"] == "platform"]
    (hook,) = routing["receivers"][0]["webhook_configs"]
    hook["url"] = hook["url"].replace("http://gateway:8098", platform.url)
    hook["http_config"]["authorization"]["credentials_file"] = str(folder / "token")
    (folder / "alertmanager.yml").write_text(yaml.safe_dump(routing))
    scrapes = [
        {
            "job_name": name,
            "static_configs": [{"targets": [f"127.0.0.1:{platform.settings[f'TTA_{name.upper()}_HTTP_PORT']}"]}],
        }
        for name in PROCESSES
    ]
    config = {
        "global": {"scrape_interval": "2s", "scrape_timeout": "2s", "evaluation_interval": "1s"},
        "rule_files": quick_rules(folder),
        "alerting": {"alertmanagers": [{"static_configs": [{"targets": [f"127.0.0.1:{ports['alertmanager']}"]}]}]},
        "scrape_configs": scrapes,
    }
    (folder / "prometheus.yml").write_text(yaml.safe_dump(config))
    commands = [
        [
            alertmanager,
            f"--config.file={folder / 'alertmanager.yml'}",
            f"--storage.path={folder / 'alertmanager'}",
            f"--web.listen-address=127.0.0.1:{ports['alertmanager']}",
            "--cluster.listen-address=",
        ],
        [
            prometheus,
            f"--config.file={folder / 'prometheus.yml'}",
            f"--storage.tsdb.path={folder / 'tsdb'}",
            f"--web.listen-address=127.0.0.1:{ports['prometheus']}",
        ],
    ]
    running: list[subprocess.Popen[bytes]] = []
    with (folder / "log").open("wb") as log:
        try:
            for command in commands:
                child = subprocess.Popen(dying(command), stdout=log, stderr=log)
                running += [child]
            url = f"http://127.0.0.1:{ports['prometheus']}"
            eventually(lambda: _ready(f"{url}/-/ready"))
            eventually(lambda: _ready(f"http://127.0.0.1:{ports['alertmanager']}/-/ready"))
            yield Observers(url)
        finally:
            for child in running:
                child.terminate()
            for child in running:
                ended(child)
            shutil.rmtree(folder / "tsdb", ignore_errors=True)


def _ready(url: str) -> bool:
    try:
        return httpx.get(url, timeout=20).status_code == 200
    except httpx.TransportError:
        return False

"""Upgrade and roll back, as the operations guide has people type them."""

import copy
import re
import shlex
import tomllib

import pytest
import yaml
from alembic.script import ScriptDirectory

from mesh import migrations
from tests.deploy.composition import SERVICES as COMPOSED
from tests.deploy.manifests import Manifests, Object, containers
from tests.deploy.processes import SERVICES
from tests.deploy.test_guide import GUIDE, kustomized, section
from tests.deploy.tools import ROOT

OVERLAY = ROOT / "deploy/k8s/overlays/roll-back"
CLEARED = "kubectl delete job --selector app.kubernetes.io/name=migrate --ignore-not-found"
"""A Job that is done or has failed never runs again, and `apply` leaves it as it is."""
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]


@pytest.fixture(scope="module")
def job() -> Object:
    """The Job that brings schemas back: all that the overlay holds."""
    manifests = kustomized(OVERLAY)
    assert {each["kind"] for each in manifests.objects} == {"Job"}
    return manifests.one("Job", "roll-back")


def revisions(service: str) -> set[str]:
    folder = ROOT / f"{service}_svc/migrations"
    scripts = ScriptDirectory(str(folder), version_locations=[str(folder / "versions")])
    return {script.revision for script in scripts.walk_revisions()}


def heads() -> dict[str, dict[str, str]]:
    """Return what the guide says of versions: version -> service -> its newest revision."""
    rows = re.findall(r"^\| ([\w.]+) \|" + r" `(\w+)` \|" * len(SERVICES) + "$", section("Roll back"), re.MULTILINE)
    (head,) = re.findall(r"^\| version \| (.+) \|$", section("Roll back"), re.MULTILINE)
    return {version: dict(zip(head.split(" | "), rest, strict=True)) for version, *rest in rows}


def test_the_guide_tells_where_each_version_of_the_changelog_has_its_schemas():
    told = heads()
    assert list(told) == re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert told[VERSION] == {service: migrations.head(f"{service}_svc") for service in SERVICES}
    for version in told.values():
        assert all(revision in revisions(service) for service, revision in version.items())


def test_the_job_that_goes_back_is_the_one_that_goes_forward_with_other_words(
    job: Object, parsed: dict[str, Manifests]
):
    job, forward = copy.deepcopy((job, parsed["production"].one("Job", f"migrate-{VERSION.replace('.', '-')}")))
    words = [each.pop("args") for each in containers(job)]
    there = [each.pop("args") for each in containers(forward)]
    assert [each[:2] for each in words] == there
    assert job["spec"] == forward["spec"], "the same Secret, the same label for network policies, the same image"
    assert job["metadata"]["labels"]["app.kubernetes.io/name"] == "migrate"
    assert job["metadata"]["namespace"] == forward["metadata"]["namespace"]


def test_as_it_stands_it_moves_nothing(job: Object):
    """Whoever applies it without reading loses no data."""
    for _, service, option, revision in [each["args"] for each in containers(job)]:
        assert (option, revision) == ("--to", "head"), service


@pytest.mark.parametrize("title", ["Upgrade", "Roll back", "ServiceMissing"])
def test_a_job_that_ran_is_taken_away_before_another_is_applied(title: str):
    assert CLEARED in section(title)
    (label,) = re.findall(r"--selector (\S+)", CLEARED)
    forward = yaml.safe_load((ROOT / "deploy/k8s/migrate/migrate.yaml").read_text())
    assert forward["metadata"]["labels"] == dict([label.split("=")])


def test_no_runbook_says_undo_without_the_way_back():
    runbooks = GUIDE[GUIDE.index("## Alerts and what to do") :]
    told = [line for line in runbooks.splitlines() if re.search(r"undo|rollout|roll back", line, re.IGNORECASE)]
    assert len(told) >= 3
    assert [line for line in told if "(#roll-back)" not in line] == []


def test_going_back_is_typed_in_an_order_that_works():
    lines = [line for line in section("Roll back").splitlines() if line.startswith("kubectl ")]
    assert [" ".join(shlex.split(line)[1:3]) for line in lines] == [
        "delete job",
        "apply -k",
        "wait --for=condition=complete",
        "rollout undo",
    ]
    assert (ROOT / shlex.split(lines[1])[3]) == OVERLAY
    for version in (section("Upgrade"), section("Roll back")):
        assert "exec" not in version, "of a stuck rollout kubectl takes the old version's pod"


def test_compose_goes_back_by_a_line_that_its_service_understands():
    (line,) = [line for line in section("Roll back").splitlines() if line.startswith("docker compose ")]
    *_, service, script = shlex.split(line)
    migrate = COMPOSED[service]
    assert migrate["entrypoint"] == ["/bin/sh", "-ec"], "one word is the script"
    ((secret, name, revision),) = re.findall(
        r"^TTA_DATABASE_URL_FILE=/run/secrets/(\S+) tta-analytics migrate (\w+) --to (\w+)$", script
    )
    assert secret in migrate["secrets"]
    assert secret == f"{name}-database-url"
    assert revision in revisions(name)


def test_compose_runs_the_image_of_the_version_that_is_checked_out():
    """The env file is kept through upgrades: what it says of an image would be of the first install."""
    for name in (*SERVICES, "gateway", "migrate"):
        assert COMPOSED[name]["image"] == f"tta-analytics:{VERSION}"
    assert f"--tag tta-analytics:{VERSION}" in (ROOT / "Makefile").read_text()
    assert "make compose-secrets images" in section("Upgrade")

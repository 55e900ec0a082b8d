"""Who may reach PostgreSQL and Redis: those who hold the address, and nobody else."""

from tests.deploy.manifests import Manifests, labels
from tests.deploy.processes import PROCESSES
from tests.deploy.tools import ROOT

STORES = {"postgres": 5432, "redis": 6379}


def holders(manifests: Manifests) -> dict[str, set[str]]:
    """Return which pods hold the address of each store, by the keys of the secret that they mount."""
    found: dict[str, set[str]] = {store: set() for store in STORES}
    for name, pod in manifests.pods().items():
        secrets = [each["secret"] for each in pod["spec"]["volumes"] if "secret" in each]
        keys = {item["key"] for secret in secrets for item in secret.get("items", ())}
        if any(key.endswith("-database-url") for key in keys):
            found["postgres"].add(name)
        if "redis-url" in keys:
            found["redis"].add(name)
    return found


def reaches_outside(manifests: Manifests, name: str) -> set[int]:
    """Return the ports of networks outside that a pod may reach."""
    pod = labels(manifests.pods()[name])
    rules = [rule for policy in manifests.policies("Egress", pod) for rule in policy["spec"].get("egress", ())]
    return {
        port["port"] for rule in rules if any("ipBlock" in to for to in rule.get("to", ())) for port in rule["ports"]
    }


def test_a_store_is_reached_by_those_who_hold_its_address_and_by_nobody_else(manifests: Manifests):
    inside = set(STORES) <= set(manifests.pods())
    for name in set(manifests.pods()) - set(STORES):
        expected = {store for store, held_by in holders(manifests).items() if name in held_by}
        if inside:
            reached = {
                (store, port) for store in STORES for port in STORES.values() if manifests.admitted(name, store, port)
            }
            assert reached == {(store, STORES[store]) for store in expected}, name
        else:
            assert reaches_outside(manifests, name) == {STORES[store] for store in expected}, name


def program(name: str) -> str:
    """Return how a process is declared: whether it `needs_bus`, whether it `has_tables`."""
    return (ROOT / (name if name == "gateway" else f"{name}_svc") / "__main__.py").read_text()


def test_the_address_of_a_store_is_given_to_those_whose_code_uses_it(manifests: Manifests):
    assert holders(manifests) == {
        "postgres": {name for name in PROCESSES if "has_tables=False" not in program(name)} | manifests.names("Job"),
        "redis": {name for name in PROCESSES if "needs_bus=True" in program(name)},
    }

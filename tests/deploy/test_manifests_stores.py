"""Who may reach PostgreSQL and Redis."""

from tests.deploy.manifests import Manifests, labels, selects
from tests.deploy.processes import PROCESSES, SERVICES


def test_stores_are_reached_by_those_who_keep_something_there(manifests: Manifests, overlay):
    if overlay == "production":
        (policy,) = [each for each in manifests.of("NetworkPolicy") if each["metadata"]["name"] == "stores-calls"]
        for name in (*SERVICES, manifests.of("Job")[0]["metadata"]["name"]):
            assert selects(policy["spec"]["podSelector"], labels(manifests.pods()[name]))
        return
    (job,) = manifests.names("Job")
    for name in (*SERVICES, job):
        assert manifests.admitted(name, "postgres", 5432)
    for name in PROCESSES:
        assert manifests.admitted(name, "redis", 6379)
        assert not manifests.admitted(name, "redis", 5432 if name == "gateway" else 22)

"""Questions that tests ask of built manifests."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.deploy.kubelet import Inside, environment_of, inside

Object = dict[str, Any]
WORKLOADS = ("Deployment", "StatefulSet", "Job", "CronJob")
CERTIFICATE_KEYS = ("tls.crt", "tls.key", "ca.crt")


@dataclass(frozen=True)
class Manifests:
    objects: list[Object]
    by_hand: Mapping[str, set[str]] = field(default_factory=dict)
    """Secrets that people make, with their keys."""

    def of(self, kind: str) -> list[Object]:
        return [each for each in self.objects if each["kind"] == kind]

    def one(self, kind: str, name: str) -> Object:
        return next(each for each in self.of(kind) if each["metadata"]["name"] == name)

    def names(self, kind: str) -> set[str]:
        return {each["metadata"]["name"] for each in self.of(kind)}

    def workloads(self) -> list[Object]:
        return [each for kind in WORKLOADS for each in self.of(kind)]

    def settings(self) -> dict[str, str]:
        """Return what the processes share: the one ConfigMap called settings."""
        (found,) = [each for each in self.of("ConfigMap") if each["metadata"]["name"].startswith("settings-")]
        data: dict[str, str] = found["data"]
        return data

    def environment(self, name: str) -> dict[str, str]:
        """Return the variables of a deployment's own container, as the process sees them on this machine."""
        return environment_of(containers(self.one("Deployment", name))[-1], self.config(), pod_ip="127.0.0.1")

    def config(self) -> dict[str, dict[str, str]]:
        """Return what each ConfigMap holds."""
        return {each["metadata"]["name"]: each["data"] for each in self.of("ConfigMap")}

    def secrets(self) -> dict[str, set[str]]:
        """Return the keys of each Secret that is made: here, by External Secrets, by cert-manager, or by hand."""
        made = dict(self.by_hand) | {each["metadata"]["name"]: set(each["data"]) for each in self.of("Secret")}
        for each in self.of("ExternalSecret"):
            made[each["spec"]["target"]["name"]] = {data["secretKey"] for data in each["spec"]["data"]}
        return made | {each["spec"]["secretName"]: set(CERTIFICATE_KEYS) for each in self.of("Certificate")}

    def insides(self) -> list[Inside]:
        """Return what each container finds when it starts, those that run before the others too."""
        return [
            inside(workload["metadata"]["name"], container, volumes(workload), self.config(), self.secrets())
            for workload in self.workloads()
            for container in containers(workload, first=True)
        ]

    def inside(self, name: str) -> Inside:
        """Return what the one container of a workload finds, those that run before left out."""
        (found,) = [each for each in self.insides() if (each.workload, each.container) == (name, name)]
        return found

    def pods(self) -> dict[str, Object]:
        """Return the pod of each workload by its name."""
        return {each["metadata"]["name"]: template(each) for each in self.workloads()}

    def admitted(self, source: str, target: str, port: int) -> bool:
        """Tell whether a pod of workload `source` may reach `port` of a pod of workload `target` in this namespace."""
        return self.leaves(source, target, port) and self.enters(source, target, port)

    def enters(self, source: str, target: str, port: int) -> bool:
        """Tell whether the target's side lets a pod of `source` in."""
        pods = self.pods()
        rules = self.rules("Ingress", labels(pods[target]))
        return any(_opens(rule, "from", labels(pods[source]), port) for rule in rules)

    def leaves(self, source: str, target: str, port: int) -> bool:
        """Tell whether the source's side lets it out to a pod of `target`."""
        pods = self.pods()
        rules = self.rules("Egress", labels(pods[source]))
        return any(_opens(rule, "to", labels(pods[target]), port) for rule in rules)

    def rules(self, direction: str, pod: dict[str, str]) -> list[Object]:
        """Return what policies let in or out of pods with these labels."""
        return [rule for policy in self.policies(direction, pod) for rule in policy["spec"].get(direction.lower(), ())]

    def policies(self, direction: str, pod: dict[str, str]) -> Iterator[Object]:
        """Return the policies that hold for pods with these labels."""
        for policy in self.of("NetworkPolicy"):
            if direction in policy["spec"]["policyTypes"] and selects(policy["spec"]["podSelector"], pod):
                yield policy


def labels(template: Object) -> dict[str, str]:
    found: dict[str, str] = template["metadata"]["labels"]
    return found


def template(workload: Object) -> Object:
    """Return the pod that a workload makes."""
    job = workload["spec"].get("jobTemplate", workload)
    found: Object = job["spec"]["template"]
    return found


def containers(workload: Object, *, first: bool = False) -> list[Object]:
    """Return the containers of a workload; with `first` also those that run before."""
    pod = template(workload)["spec"]
    return [*(pod.get("initContainers", []) if first else []), *pod["containers"]]


def volumes(workload: Object) -> dict[str, Object]:
    """Return the volumes of a workload's pod by name, claims of a StatefulSet too."""
    found = {each["name"]: each for each in template(workload)["spec"]["volumes"]}
    return found | {
        each["metadata"]["name"]: {"persistentVolumeClaim": each["spec"]}
        for each in workload["spec"].get("volumeClaimTemplates", ())
    }


def selects(selector: Object, found: dict[str, str]) -> bool:
    """Tell whether a label selector matches; every operator that the manifests use."""
    wanted = selector.get("matchLabels", {})
    if any(found.get(key) != value for key, value in wanted.items()):
        return False
    for rule in selector.get("matchExpressions", ()):
        assert rule["operator"] == "In", rule
        if found.get(rule["key"]) not in rule["values"]:
            return False
    return True


def _opens(rule: Object, peers: str, other: dict[str, str], port: int) -> bool:
    if "ports" in rule and not any(_is_at(each, port) for each in rule["ports"]):
        return False
    if peers not in rule:
        return True
    return any(
        selects(peer["podSelector"], other)
        for peer in rule[peers]
        if "podSelector" in peer and "namespaceSelector" not in peer
    )


def _is_at(opened: Object, port: int) -> bool:
    first: int = opened["port"]
    return opened.get("protocol", "TCP") == "TCP" and first <= port <= opened.get("endPort", first)

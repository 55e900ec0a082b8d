"""Network policies against what the processes dial."""

import ast
import functools
import inspect
from ipaddress import ip_network

from aggregation_svc.settings import AggregationSettings
from monitoring_svc.settings import MonitoringSettings
from tests.deploy.manifests import Manifests, labels
from tests.deploy.processes import PORT, PROCESSES, SERVICES
from tests.deploy.tools import ROOT


def dialled(package: str) -> set[str]:
    """Return the services whose target the code of a process asks for, read from its source."""
    found = set()
    for file in (ROOT / package).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "target":
                argument = node.args[0]
                if isinstance(argument, ast.Constant):
                    found.add(argument.value)
                else:
                    found.add(f"<{file.relative_to(ROOT)}>")
    return found


@functools.cache
def calls_of_the_mesh() -> dict[str, set[str]]:
    """Return whom each process dials; where the code asks by a variable, what that holds."""
    calls = {name: dialled(name if name == "gateway" else f"{name}_svc") for name in PROCESSES}
    variable = {
        "gateway": ("<gateway/process.py>", set(SERVICES)),
        "aggregation": (
            "<aggregation_svc/adapters/other_services.py>",
            set(AggregationSettings.model_fields["rights_services"].default),
        ),
        "reporting": ("<reporting_svc/bootstrap.py>", {"aggregation", "monitoring"}),
    }
    for name, (where, held) in variable.items():
        assert where in calls[name]
        calls[name] = calls[name] - {where} | held
    # Replicas of monitoring hand points to the one that owns a series, at the address that it advertises.
    assert "address" in inspect.getsource(__import__("monitoring_svc.adapters.neighbours", fromlist=["x"]))
    calls["monitoring"].add("monitoring")
    assert all(called <= set(SERVICES) for called in calls.values()), calls
    return calls


def test_network_policies_allow_what_the_mesh_dials_and_nothing_else(manifests: Manifests):
    calls = calls_of_the_mesh()
    for source in PROCESSES:
        for target in SERVICES:
            allowed = manifests.admitted(source, target, PORT[target])
            assert allowed == (target in calls[source]), f"{source} -> {target}: {allowed}"


def test_both_sides_of_a_connection_agree(deployment: Manifests):
    """What only one side allows is a hole that waits for the other, or a call that is dropped in silence."""
    pods = deployment.pods()
    for source in pods:
        for target in pods:
            opened = {
                port["containerPort"] for each in pods[target]["spec"]["containers"] for port in each.get("ports", ())
            }
            leaving = {port for port in opened if deployment.leaves(source, target, port)}
            entering = {port for port in opened if deployment.enters(source, target, port)}
            assert leaving == entering, f"{source} -> {target}"
            assert not leaving & {9195, 9196, 9197, 9198, 50090}, (
                f"{source} -> {target}: for Prometheus and the kubelet"
            )


def test_a_policy_names_who_may_enter_and_single_ports_of_tcp(deployment: Manifests):
    for policy in deployment.of("NetworkPolicy"):
        name, spec = policy["metadata"]["name"], policy["spec"]
        assert all(rule.get("from") for rule in spec.get("ingress", ())), f"{name} lets everybody in"
        for rule in (*spec.get("ingress", ()), *spec.get("egress", ())):
            for port in rule["ports"]:
                assert isinstance(port["port"], int), name
                assert "endPort" not in port, name
                assert port.get("protocol", "TCP") == "TCP" or port == {"port": 53, "protocol": "UDP"}, name


def test_networks_that_an_operator_must_set_let_nothing_through_until_then(deployment: Manifests):
    example = ip_network("192.0.2.0/24")  # RFC 5737: of documentation
    for policy in deployment.of("NetworkPolicy"):
        for rule in policy["spec"].get("egress", ()):
            blocks = [ip_network(each["ipBlock"]["cidr"]) for each in rule.get("to", ()) if "ipBlock" in each]
            assert all(block == example for block in blocks), policy["metadata"]["name"]


def test_network_policies_start_from_nothing(manifests: Manifests):
    deny = manifests.one("NetworkPolicy", "deny-all")["spec"]
    assert (deny["podSelector"], sorted(deny["policyTypes"])) == ({}, ["Egress", "Ingress"])
    assert "ingress" not in deny
    assert "egress" not in deny
    open_to_all = [
        policy["metadata"]["name"]
        for policy in manifests.of("NetworkPolicy")
        for rule in (*policy["spec"].get("ingress", ()), *policy["spec"].get("egress", ()))
        if "ports" not in rule
    ]
    assert open_to_all == []


def test_every_pod_may_ask_for_names(manifests: Manifests):
    for name, pod in manifests.pods().items():
        rules = [
            rule for policy in manifests.policies("Egress", labels(pod)) for rule in policy["spec"].get("egress", ())
        ]
        asked = [rule for rule in rules if {"port": 53, "protocol": "UDP"} in rule["ports"]]
        assert asked, name
        for rule in asked:
            assert {"port": 53, "protocol": "TCP"} in rule["ports"]
            (peer,) = rule["to"]
            assert peer["namespaceSelector"]["matchLabels"] == {"kubernetes.io/metadata.name": "kube-system"}
            assert peer["podSelector"]["matchLabels"] == {"k8s-app": "kube-dns"}


def entries(manifests: Manifests, name: str) -> dict[int, set[str]]:
    """Return who may reach each port of a deployment from another namespace: labels of namespaces, or `any`."""
    found: dict[int, set[str]] = {}
    for policy in manifests.policies("Ingress", labels(manifests.pods()[name])):
        for rule in policy["spec"].get("ingress", ()):
            for peer in rule["from"]:
                if "namespaceSelector" in peer:
                    wanted = peer["namespaceSelector"].get("matchLabels", {"any": "true"})
                    who = {name for name, value in wanted.items() if value == "true"}
                    for port in rule["ports"]:
                        found.setdefault(port["port"], set()).update(who)
    return found


def test_from_outside_only_callers_reach_calls_and_only_prometheus_reaches_metrics(manifests: Manifests):
    for name in SERVICES:
        metrics = {port["port"] for port in manifests.one("Service", name)["spec"]["ports"]} - {PORT[name]}
        expected = {PORT[name]: {"tta.io/analytics-caller"}}
        assert entries(manifests, name) == expected | {port: {"tta.io/metrics-reader"} for port in metrics}
    pages = {8095: {"any"}, 8096: {"any"}, 8097: {"any"}, 8098: {"any"}}
    assert entries(manifests, "gateway") == pages | {9198: {"tta.io/metrics-reader"}}


def test_monitoring_alone_may_reach_mail_servers_and_webhooks(manifests: Manifests):
    mail = MonitoringSettings.model_fields["smtp_port"].default
    for name in PROCESSES:
        pod = labels(manifests.pods()[name])
        rules = [rule for policy in manifests.policies("Egress", pod) for rule in policy["spec"].get("egress", ())]
        anywhere = {port["port"] for rule in rules if "to" not in rule for port in rule["ports"]}
        assert anywhere == ({mail, 443, 465} if name == "monitoring" else set()), name

import ast
import inspect
import json
import re
import subprocess
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from aggregation_svc.settings import AggregationSettings
from gateway.settings import GatewaySettings
from mesh.settings import PREFIX, Settings
from monitoring_svc.settings import MonitoringSettings
from reporting_svc.settings import ReportingSettings
from tests.deploy.conftest import ROOT, tool
from tests.deploy.manifests import WORKLOADS, Manifests, Object, containers, labels, selects

SERVICES = ("aggregation", "monitoring", "reporting")
PROCESSES = (*SERVICES, "gateway")
PORT = {"aggregation": 50095, "reporting": 50096, "monitoring": 50097}
READS = {
    "aggregation": AggregationSettings,
    "monitoring": MonitoringSettings,
    "reporting": ReportingSettings,
    "gateway": GatewaySettings,
}
OPERATORS = {  # kinds whose schemas are not Kubernetes' own: whose they are
    "Certificate": "cert-manager",
    "Issuer": "cert-manager",
    "ExternalSecret": "External Secrets",
    "ServiceMonitor": "Prometheus operator",
    "PrometheusRule": "Prometheus operator",
}


@pytest.mark.parametrize("version", ["1.35", "1.36", "1.37"])
def test_the_schemas_of_the_newest_kubernetes_accept_every_object(built, overlay, version):
    command = [tool("kubernetes-validate"), "--strict", "-k", version, str(built[overlay])]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    said = [line for line in (done.stdout + done.stderr).splitlines() if not line.startswith("INFO")]
    unexplained = [
        line
        for line in said
        if not any(f"schema for kind {kind} with" in line for kind in OPERATORS) or "ERROR" in line
    ]
    assert (done.returncode, unexplained) == (0, [])


def test_checkov_finds_nothing_that_is_not_justified_in_place(built, overlay):
    command = [tool("checkov"), "-f", str(built[overlay]), "--framework", "kubernetes", "-o", "json", "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    report = json.loads(done.stdout)
    failed = [f"{each['check_id']} {each['resource']}" for each in report["results"]["failed_checks"]]
    assert report["summary"]["passed"] > 200
    assert failed == []


def test_hadolint_finds_nothing_in_the_image_s_file():
    done = subprocess.run(
        [tool("hadolint"), str(ROOT / "deploy/images/Dockerfile")], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_no_two_objects_share_a_name(manifests: Manifests):
    known = Counter((each["kind"], each["metadata"]["name"]) for each in manifests.objects)
    assert [name for name, number in known.items() if number > 1] == []


def test_every_object_stands_in_the_namespace_that_is_made(manifests: Manifests):
    (namespace,) = manifests.of("Namespace")
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    elsewhere = [
        each["metadata"]["name"]
        for each in manifests.objects
        if each["kind"] != "Namespace" and each["metadata"].get("namespace") != namespace["metadata"]["name"]
    ]
    assert elsewhere == []


def test_workloads_select_their_own_pods(manifests: Manifests):
    for workload in [*manifests.of("Deployment"), *manifests.of("StatefulSet")]:
        assert selects(workload["spec"]["selector"], labels(workload["spec"]["template"])), workload["metadata"]


def test_every_service_reaches_a_port_that_some_pod_opens(manifests: Manifests):
    for service in manifests.of("Service"):
        wanted = {"matchLabels": service["spec"]["selector"]}
        workloads = [each for each in manifests.workloads() if selects(wanted, labels(each["spec"]["template"]))]
        assert len(workloads) == 1, service["metadata"]["name"]
        opened = {port["name"] for each in containers(workloads[0]) for port in each.get("ports", ())}
        assert {port["targetPort"] for port in service["spec"]["ports"]} <= opened


def test_ports_are_numbers_that_exist_and_names_that_are_short_enough(manifests: Manifests):
    for workload in manifests.workloads():
        for container in containers(workload, first=True):
            for port in container.get("ports", ()):
                assert 0 < port["containerPort"] < 65536
                assert re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,13}[a-z0-9])?", port["name"])
    for service in manifests.of("Service"):
        assert all(0 < port["port"] < 65536 for port in service["spec"]["ports"])


def test_services_of_the_mesh_are_headless_so_that_callers_see_every_pod(manifests: Manifests):
    assert all(manifests.one("Service", name)["spec"]["clusterIP"] == "None" for name in SERVICES)
    for name in SERVICES:
        assert manifests.settings()[f"TTA_{name.upper()}_TARGET"] == f"dns:///{name}:{PORT[name]}"


def test_a_disruption_budget_has_one_bound_and_leaves_room_to_drain(manifests: Manifests):
    for budget in manifests.of("PodDisruptionBudget"):
        spec = budget["spec"]
        assert ("maxUnavailable" in spec) != ("minAvailable" in spec)
        assert spec.get("maxUnavailable") == 1
        assert any(selects(spec["selector"], labels(pod)) for pod in manifests.pods().values())


def test_an_autoscaler_owns_the_number_of_an_existing_deployment(manifests: Manifests):
    for scaler in manifests.of("HorizontalPodAutoscaler"):
        spec = scaler["spec"]
        deployment = manifests.one("Deployment", spec["scaleTargetRef"]["name"])
        assert 2 <= spec["minReplicas"] <= spec["maxReplicas"]
        assert "replicas" not in deployment["spec"]
        assert all("cpu" in each["resources"]["requests"] for each in containers(deployment))


def test_production_keeps_two_of_each_process_apart(built, manifests: Manifests, overlay):
    if overlay == "dev":
        assert manifests.of("HorizontalPodAutoscaler") == []
        return
    assert manifests.names("HorizontalPodAutoscaler") == manifests.names("PodDisruptionBudget") == set(PROCESSES)
    for name in PROCESSES:
        spread = manifests.one("Deployment", name)["spec"]["template"]["spec"]["topologySpreadConstraints"]
        assert {each["topologyKey"] for each in spread} == {"topology.kubernetes.io/zone", "kubernetes.io/hostname"}
        assert all(each["labelSelector"]["matchLabels"] == {"app.kubernetes.io/name": name} for each in spread)


def test_no_name_dangles(manifests: Manifests):
    made = {"tta-analytics"} if manifests.of("ExternalSecret") else set()
    made |= {each["spec"]["target"]["name"] for each in manifests.of("ExternalSecret")}
    made |= {each["spec"]["secretName"] for each in manifests.of("Certificate")}
    made |= manifests.names("Secret")
    assert {each["spec"]["serviceName"] for each in manifests.of("StatefulSet")} <= manifests.names("Service")
    for workload in manifests.workloads():
        pod = workload["spec"]["template"]["spec"]
        assert pod.get("serviceAccountName", "default") in {*manifests.names("ServiceAccount"), "default"}
        volumes = {each["name"]: each for each in pod["volumes"]}
        volumes |= {each["metadata"]["name"]: each for each in workload["spec"].get("volumeClaimTemplates", ())}
        for volume in pod["volumes"]:
            if "secret" in volume:
                assert volume["secret"]["secretName"] in made
            if "configMap" in volume:
                assert volume["configMap"]["name"] in manifests.names("ConfigMap")
        mounted = set()
        for container in containers(workload, first=True):
            assert {each["name"] for each in container["volumeMounts"]} <= set(volumes)
            mounted |= {each["name"] for each in container["volumeMounts"]}
            for source in container.get("envFrom", ()):
                assert source["configMapRef"]["name"] in manifests.names("ConfigMap")
        assert mounted == set(volumes), "a volume that nobody mounts"


def test_every_file_that_a_setting_names_is_mounted_and_every_mounted_secret_is_read(manifests: Manifests):
    keys = {each["secretKey"] for secret in manifests.of("ExternalSecret") for each in secret["spec"]["data"]}
    for each in manifests.of("Secret"):
        keys |= set(each.get("data", {}))
    for workload in manifests.workloads():
        name = workload["metadata"]["labels"]["app.kubernetes.io/name"]
        if name not in (*PROCESSES, "migrate"):
            continue
        (volume,) = [each for each in workload["spec"]["template"]["spec"]["volumes"] if each["name"] == "secrets"]
        files = {f"/secrets/{each['path']}" for each in volume["secret"]["items"]}
        named = {
            each["value"]
            for container in containers(workload, first=True)
            for each in container["env"]
            if each["name"].endswith("_FILE")
        }
        assert files == named
        assert {each["key"] for each in volume["secret"]["items"]} <= keys


def test_no_secret_stands_in_an_environment_variable(manifests: Manifests):
    secret = {f"{PREFIX}{name.upper()}" for reads in READS.values() for name in reads.model_fields}
    secret = {name for name in secret if name.endswith(("_KEY", "_SECRET", "_PASSWORD", "_TOKEN"))} - {"TTA_TLS_KEY"}
    secret |= {"TTA_DATABASE_URL", "TTA_REDIS_URL"}
    for workload in manifests.workloads():
        for container in containers(workload, first=True):
            for each in container.get("env", ()):
                assert each["name"] not in secret
                assert "secretKeyRef" not in each.get("valueFrom", {})
                assert not re.search(r"://[^/]*:[^/]*@", each.get("value", ""))
            assert not any("secretRef" in source for source in container.get("envFrom", ()))
    for config in manifests.of("ConfigMap"):
        assert not secret & set(config["data"])


def is_ours(container: Object) -> bool:
    return str(container["image"]).startswith("tta-analytics:")


def test_every_setting_is_known_to_the_process_that_reads_it(manifests: Manifests):
    shared = set(Settings.model_fields)
    for name in PROCESSES:
        known = {f"{PREFIX}{field.upper()}" for field in READS[name].model_fields}
        own = {each["name"] for each in containers(manifests.one("Deployment", name))[0]["env"]} - {"POD_IP"}
        assert {variable.removesuffix("_FILE") for variable in own} <= known
    anywhere = {f"{PREFIX}{field.upper()}" for reads in READS.values() for field in (*reads.model_fields, *shared)}
    assert set(manifests.settings()) <= anywhere
    ours = [each for workload in manifests.workloads() for each in containers(workload, first=True) if is_ours(each)]
    assert len(ours) == 2 * len(SERVICES) + len(PROCESSES)
    assert {each["name"].removesuffix("_FILE") for container in ours for each in container["env"]} <= anywhere | {
        "POD_IP"
    }


def test_secrets_go_only_to_the_processes_that_open_what_they_lock(manifests: Manifests):
    def held(name: str) -> set[str]:
        (volume,) = [
            each
            for each in manifests.one("Deployment", name)["spec"]["template"]["spec"]["volumes"]
            if each["name"] == "secrets"
        ]
        return {each["key"] for each in volume["secret"]["items"]}

    assert held("gateway") == {"auth-secret-key", "redis-url"}
    assert not {"pseudonym-key", "seal-key"} & held("reporting")
    for name in SERVICES:
        assert {key for key in held(name) if key.endswith("-database-url")} == {f"{name}-database-url"}


def test_pods_keep_to_the_restricted_profile_and_write_only_where_they_must(manifests: Manifests):
    for workload in manifests.workloads():
        pod = workload["spec"]["template"]["spec"]
        assert pod["securityContext"]["runAsNonRoot"]
        assert pod["securityContext"]["runAsUser"] > 10000
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert pod["automountServiceAccountToken"] is False
        for container in containers(workload, first=True):
            context = container["securityContext"]
            assert context["readOnlyRootFilesystem"]
            assert context["capabilities"] == {"drop": ["ALL"]}
            assert context["allowPrivilegeEscalation"] is False
            assert {"cpu", "memory"} <= set(container["resources"]["requests"])
            assert "memory" in container["resources"]["limits"]
        assert all("sizeLimit" in each["emptyDir"] for each in pod["volumes"] if "emptyDir" in each)


def test_images_are_pinned_and_the_job_is_the_version_s(manifests: Manifests):
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    for workload in manifests.workloads():
        for container in containers(workload, first=True):
            name, _, tag = container["image"].rpartition(":")
            assert name, f"{container['image']} has no tag"
            assert tag != "latest"
            if name == "tta-analytics":
                assert tag == version
    assert manifests.names("Job") == {f"migrate-{version.replace('.', '-')}"}
    job = manifests.one("Job", f"migrate-{version.replace('.', '-')}")
    assert sorted(tuple(each["args"]) for each in containers(job)) == [("migrate", name) for name in SERVICES]


def test_the_rollout_waits_for_the_schema_and_never_takes_a_pod_away_first(manifests: Manifests):
    for name in SERVICES:
        deployment = manifests.one("Deployment", name)
        first, _ = containers(deployment, first=True)
        assert first["args"][:3] == ["migrate", name, "--wait"]
    for name in PROCESSES:
        rolling = manifests.one("Deployment", name)["spec"]["strategy"]["rollingUpdate"]
        assert (rolling["maxUnavailable"], rolling["maxSurge"]) == (0, 1)


def test_the_grace_period_covers_the_sleep_and_the_drain(manifests: Manifests):
    drain = Settings.model_fields["drain_timeout"].default.total_seconds()
    for name in PROCESSES:
        pod = manifests.one("Deployment", name)["spec"]["template"]["spec"]
        sleep = pod["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]
        assert sleep >= 5
        assert pod["terminationGracePeriodSeconds"] >= sleep + drain + 10


def test_probes_are_native_on_the_plaintext_port_and_have_time(manifests: Manifests):
    for name in SERVICES:
        container = containers(manifests.one("Deployment", name))[0]
        health = int(manifests.environment(name)["TTA_HEALTH_PORT"])
        assert health in [port["containerPort"] for port in container["ports"]]
        wanted = {"startupProbe": "liveness", "readinessProbe": "readiness", "livenessProbe": "liveness"}
        for probe, what in wanted.items():
            assert container[probe]["grpc"] == {"port": health, "service": f"{name}-{what}"}
            assert container[probe]["timeoutSeconds"] >= 2
    container = containers(manifests.one("Deployment", "gateway"))[0]
    for probe, path in {"startupProbe": "/livez", "readinessProbe": "/readyz", "livenessProbe": "/livez"}.items():
        assert container[probe]["httpGet"] == {"path": path, "port": "metrics"}
        assert container[probe]["timeoutSeconds"] >= 2


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


def calls_of_the_mesh() -> dict[str, set[str]]:
    """Return whom each process dials; where the code asks by a variable, what that holds."""
    calls = {name: dialled(name if name == "gateway" else f"{name}_svc") for name in PROCESSES}
    variable = {
        "gateway": ("<gateway/process.py>", set(SERVICES)),
        "aggregation": (
            "<aggregation_svc/adapters/other_services.py>",
            set(AggregationSettings.model_fields["rights_services"].default),
        ),
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
            assert not manifests.admitted(source, target, 9195)


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
                    who = set(peer["namespaceSelector"].get("matchLabels", {"any": ""}))
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


def test_every_certificate_names_its_service_and_the_mesh(manifests: Manifests, overlay):
    if overlay == "dev":
        assert manifests.of("Certificate") == []
        return
    name = manifests.settings()["TTA_TLS_SERVER_NAME"]
    for process in PROCESSES:
        certificate = manifests.one("Certificate", process)["spec"]
        assert {process, name} <= set(certificate["dnsNames"])
        assert {"server auth", "client auth"} <= set(certificate["usages"])
        assert certificate["issuerRef"]["name"] in manifests.names("Issuer")
        mounts = {each["name"]: each for each in containers(manifests.one("Deployment", process))[0]["volumeMounts"]}
        assert mounts["tls"]["mountPath"] == str(Path(manifests.settings()["TTA_TLS_CERTIFICATE"]).parent)


def test_every_service_monitor_finds_a_port_called_metrics(manifests: Manifests):
    for monitor in manifests.of("ServiceMonitor"):
        selector = monitor["spec"]["selector"]
        services = [each for each in manifests.of("Service") if selects(selector, each["metadata"]["labels"])]
        ports = {port["name"] for service in services for port in service["spec"]["ports"]}
        assert {each["port"] for each in monitor["spec"]["endpoints"]} <= ports


def test_resources_come_with_their_reason():
    for name in PROCESSES:
        text = (ROOT / f"deploy/k8s/base/{name}.yaml").read_text()
        assert re.search(r"# .*(Memory|CPU)", text.partition("kind: Deployment")[0]), name


def test_every_workload_kind_is_one_that_these_tests_look_at(manifests: Manifests):
    with_pods = {each["kind"] for each in manifests.objects if "template" in each.get("spec", {})}
    assert with_pods <= set(WORKLOADS)

"""Objects that name each other: each name is made, once, in one namespace."""

import re
from collections import Counter

from tests.deploy.manifests import WORKLOADS, Manifests, containers, labels, selects, template, volumes
from tests.deploy.operators import FIELDS, fields
from tests.deploy.tools import ROOT


def test_no_two_objects_share_a_name(deployment: Manifests):
    known = Counter((each["kind"], each["metadata"]["name"]) for each in deployment.objects)
    assert [name for name, number in known.items() if number > 1] == []


def test_every_object_stands_in_the_namespace_that_is_made(deployment: Manifests):
    (namespace,) = deployment.of("Namespace")
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    elsewhere = [
        each["metadata"]["name"]
        for each in deployment.objects
        if each["kind"] != "Namespace" and each["metadata"].get("namespace") != namespace["metadata"]["name"]
    ]
    assert elsewhere == []


def test_every_workload_kind_is_one_that_these_tests_look_at(deployment: Manifests):
    makes_pods = {
        each["kind"] for each in deployment.objects if {"template", "jobTemplate"} & set(each.get("spec", {}))
    }
    assert makes_pods <= set(WORKLOADS)


def test_workloads_select_their_own_pods(manifests: Manifests):
    for workload in [*manifests.of("Deployment"), *manifests.of("StatefulSet")]:
        assert selects(workload["spec"]["selector"], labels(workload["spec"]["template"])), workload["metadata"]


def test_no_name_dangles(deployment: Manifests):
    assert {each["spec"]["serviceName"] for each in deployment.of("StatefulSet")} <= deployment.names("Service")
    for workload in deployment.workloads():
        pod = template(workload)["spec"]
        assert pod.get("serviceAccountName", "default") in {*deployment.names("ServiceAccount"), "default"}
        for volume in pod["volumes"]:
            if "secret" in volume:
                assert volume["secret"]["secretName"] in deployment.secrets()
            if "configMap" in volume:
                assert volume["configMap"]["name"] in deployment.names("ConfigMap")
            if "persistentVolumeClaim" in volume:
                assert volume["persistentVolumeClaim"]["claimName"] in deployment.names("PersistentVolumeClaim")
        mounted = set()
        for container in containers(workload, first=True):
            mounted |= {each["name"] for each in container["volumeMounts"]}
            for source in container.get("envFrom", ()):
                assert source["configMapRef"]["name"] in deployment.names("ConfigMap")
        assert mounted == set(volumes(workload)), "a volume that is not there, or that nobody mounts"


def test_each_key_comes_from_the_entry_of_its_own_name_in_the_store_that_the_guide_names(deployment: Manifests):
    guide = (ROOT / "docs/operations.md").read_text()
    for secret in deployment.of("ExternalSecret"):
        spec = secret["spec"]
        assert f" {spec['secretStoreRef']['kind']} `{spec['secretStoreRef']['name']}`" in guide
        for each in spec["data"]:
            assert each["remoteRef"]["key"] == f"{spec['target']['name']}/{each['secretKey']}"


def test_every_object_is_of_a_version_that_stays(deployment: Manifests):
    for each in deployment.objects:
        assert re.fullmatch(r"([a-z0-9.-]+/)?v\d+", each["apiVersion"]), each["apiVersion"]


def test_objects_of_operators_are_of_a_version_and_have_fields_that_the_operators_know(deployment: Manifests):
    for kind, (version, known) in FIELDS.items():
        for each in deployment.of(kind):
            assert each["apiVersion"] == version
            assert set(fields(each["spec"])) <= set(known.split()), each["metadata"]["name"]

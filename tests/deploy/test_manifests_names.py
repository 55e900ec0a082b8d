"""Objects that name each other: each name is made, once, in one namespace."""

from collections import Counter

from tests.deploy.manifests import WORKLOADS, Manifests, containers, labels, selects


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


def test_every_workload_kind_is_one_that_these_tests_look_at(manifests: Manifests):
    with_pods = {each["kind"] for each in manifests.objects if "template" in each.get("spec", {})}
    assert with_pods <= set(WORKLOADS)


def test_workloads_select_their_own_pods(manifests: Manifests):
    for workload in [*manifests.of("Deployment"), *manifests.of("StatefulSet")]:
        assert selects(workload["spec"]["selector"], labels(workload["spec"]["template"])), workload["metadata"]


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

"""Pods keep to the restricted profile."""

from tests.deploy.manifests import Manifests, containers, template

VOLUMES = {"secret", "configMap", "emptyDir", "persistentVolumeClaim"}


def test_pods_keep_to_the_restricted_profile_and_write_only_where_they_must(deployment: Manifests):
    for workload in deployment.workloads():
        pod = template(workload)["spec"]
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


def test_pods_see_nothing_of_their_node(deployment: Manifests):
    for workload in deployment.workloads():
        pod = template(workload)["spec"]
        assert not {"hostNetwork", "hostPID", "hostIPC"} & set(pod)
        for volume in pod["volumes"]:
            assert len(VOLUMES & set(volume)) == 1, (workload["metadata"]["name"], volume["name"])

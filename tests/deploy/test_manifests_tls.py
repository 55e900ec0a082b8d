"""Certificates of the mesh."""

from pathlib import Path

from tests.deploy.manifests import Manifests, containers
from tests.deploy.processes import PROCESSES


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

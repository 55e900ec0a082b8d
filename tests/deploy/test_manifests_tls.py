"""Certificates of the mesh: who signs them, whom they name, how long they last, and that processes use them."""

import re
from datetime import timedelta

import pytest

from tests.deploy.manifests import Manifests, Object
from tests.deploy.processes import PROCESSES, Started

KEY_OF = {
    "tls_certificate": "tls.crt",
    "tls_key": "tls.key",
    "tls_authority": "ca.crt",
    "tls_client_authority": "ca.crt",
}


@pytest.fixture(params=["production", "everything"])
def meshed(parsed: dict[str, Manifests], request: pytest.FixtureRequest) -> Manifests:
    """The objects of what speaks mTLS."""
    return parsed[request.param]


def test_no_port_of_a_service_says_that_it_speaks_without_tls(meshed: Manifests, parsed: dict[str, Manifests]):
    """Proxies that honour `h2c` speak plaintext to it."""
    said = {each["metadata"]["name"]: str(each["spec"]["ports"]) for each in meshed.of("Service")}
    assert [name for name, ports in said.items() if "h2c" in ports] == []
    plain = {each["metadata"]["name"] for each in parsed["dev"].of("Service") if "h2c" in str(each["spec"]["ports"])}
    assert plain == {"aggregation", "monitoring", "reporting"}


def signers(manifests: Manifests, certificate: Object) -> list[Object]:
    """Return the authorities above a certificate, the nearest first; the last one signs itself."""
    reference = certificate["spec"]["issuerRef"]
    issuer = manifests.one(reference["kind"], reference["name"])["spec"]
    if "selfSigned" in issuer:
        return []
    (authority,) = [
        each for each in manifests.of("Certificate") if each["spec"]["secretName"] == issuer["ca"]["secretName"]
    ]
    return [authority, *signers(manifests, authority)]


def authorities(manifests: Manifests) -> list[Object]:
    return [each for each in manifests.of("Certificate") if each["spec"].get("isCA")]


def hours(duration: str) -> timedelta:
    match = re.fullmatch(r"(\d+)h", duration)
    assert match, duration
    return timedelta(hours=int(match[1]))


def test_without_certificates_no_process_asks_for_one(parsed: dict[str, Manifests], started: Started):
    assert parsed["dev"].of("Certificate") == []
    for name in PROCESSES:
        settings = started(parsed["dev"].inside(name))
        assert {getattr(settings, setting) for setting in KEY_OF} == {None}


def test_every_process_speaks_mtls_with_the_certificate_of_its_own_name(meshed: Manifests, started: Started):
    for name in PROCESSES:
        inside = meshed.inside(name)
        secret = meshed.one("Certificate", name)["spec"]["secretName"]
        settings = started(inside)
        for setting, key in KEY_OF.items():
            assert inside.files[str(getattr(settings, setting))] == (secret, key), (name, setting)


def test_an_importer_speaks_tls_with_a_certificate_of_the_mesh(meshed: Manifests, started: Started):
    signed = {each["spec"]["secretName"] for each in meshed.of("Certificate") if not each["spec"].get("isCA")}
    for inside in meshed.insides():
        if inside.args[0] in {"import", "release"}:
            settings = started(inside)
            for setting in ("tls_certificate", "tls_key", "tls_authority"):
                secret, key = inside.files[str(getattr(settings, setting))]
                assert secret in signed
                assert key == KEY_OF[setting]
            assert settings.tls_server_name == meshed.settings()["TTA_TLS_SERVER_NAME"]


def test_one_authority_signs_every_certificate_and_nothing_else_does(meshed: Manifests):
    (authority,) = authorities(meshed)
    assert signers(meshed, authority) == []
    for certificate in meshed.of("Certificate"):
        if certificate is not authority:
            assert signers(meshed, certificate) == [authority], certificate["metadata"]["name"]


def test_no_pod_holds_the_key_of_an_authority(meshed: Manifests):
    keys = {each["spec"]["secretName"] for each in authorities(meshed)}
    held = {secret for inside in meshed.insides() for secret, _ in inside.files.values()}
    assert held.isdisjoint(keys)


def test_every_certificate_of_a_process_holds_each_name_that_callers_know_it_by(meshed: Manifests, started: Started):
    (namespace,) = meshed.names("Namespace")
    for name in PROCESSES:
        certificate = meshed.one("Certificate", name)["spec"]
        dialled = {name, f"{name}.{namespace}", f"{name}.{namespace}.svc", f"{name}.{namespace}.svc.cluster.local"}
        assert {*dialled, started(meshed.inside(name)).tls_server_name} == set(certificate["dnsNames"])
        assert {"server auth", "client auth"} <= set(certificate["usages"])


def test_a_certificate_is_renewed_long_before_it_ends(meshed: Manifests):
    for each in meshed.of("Certificate"):
        lasts, before = hours(each["spec"]["duration"]), hours(each["spec"]["renewBefore"])
        assert lasts / 12 <= before <= lasts / 2, each["metadata"]["name"]
        for authority in signers(meshed, each):
            assert hours(authority["spec"]["renewBefore"]) >= lasts, "what it signs would outlive it"

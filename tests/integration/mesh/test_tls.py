import asyncio
import ssl
from datetime import timedelta

import grpc
import pytest
from cryptography import x509
from grpc_health.v1 import health_pb2, health_pb2_grpc
from tta.analytics.v1 import alert_pb2, alert_pb2_grpc, ingestion_pb2, ingestion_pb2_grpc

from mesh.identity import current_caller, service_token
from mesh.refusal import PermissionDenied, Unauthenticated
from mesh.renewing_channel import RenewingChannel
from mesh.settings import SettingError, Settings
from mesh.statuses import from_error
from mesh.tls import channel_credentials, client_files, server_credentials, stamp
from tests.integration.mesh.certificates import Authority
from tests.integration.mesh.conftest import SECRET, token

ALERT = alert_pb2.GetAlertRequest(alert_id="1")


@pytest.fixture
def authority(tmp_path):
    return Authority(tmp_path)


@pytest.fixture
def settings(authority):
    chain, key = authority.issue("monitoring", "server")
    return Settings(
        auth_secret_key=SECRET, bind="127.0.0.1", tls_certificate=chain, tls_key=key, tls_authority=authority.file
    )


def as_client(settings, authority, name):
    chain, key = authority.issue(name, f"client-{name}")
    return settings.model_copy(update={"tls_certificate": chain, "tls_key": key})


async def name_of_caller(request):
    return alert_pb2.Alert(alert_id=current_caller().name)


async def served_serial(port):
    """Return the serial number of the certificate that a new connection is shown."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols(["h2"])
    _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context)
    shown = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    writer.close()
    return x509.load_der_x509_certificate(shown).serial_number


async def test_calls_go_through_tls(serve, settings):
    sample = await serve(settings)
    sample.alerts.get = name_of_caller
    assert (await sample.alerts_as(token(sub="dr-grey")).GetAlert(ALERT)).alert_id == "dr-grey"


async def test_a_server_of_another_authority_is_not_trusted(serve, settings, tmp_path):
    sample = await serve(settings)
    stranger = settings.model_copy(update={"tls_authority": Authority(tmp_path).file})
    stub = alert_pb2_grpc.AlertServiceStub(sample.channel(token(), stranger))
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await stub.GetAlert(ALERT, timeout=3)
    assert error.value.code() in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED)


async def test_a_renewed_certificate_is_served_without_a_restart(serve, settings, authority):
    sample = await serve(settings)
    before = await served_serial(sample.running.port)
    assert await served_serial(sample.running.port) == before
    authority.issue("monitoring", "server")
    assert await served_serial(sample.running.port) != before


async def test_a_channel_takes_up_a_renewed_certificate_and_lets_running_calls_end(
    serve, settings, authority, tmp_path
):
    sample = await serve(settings.model_copy(update={"tls_client_authority": authority.file}))
    go_on = asyncio.Event()

    async def stream(request):
        yield alert_pb2.StreamAlertsResponse(cursor="1")
        await go_on.wait()
        yield alert_pb2.StreamAlertsResponse(cursor="2")

    sample.alerts.get, sample.alerts.stream = name_of_caller, stream
    client = as_client(settings, authority, "reporting")
    moments = [0.0]
    opened = []

    def secure():
        opened.append(channel_credentials(client))
        return grpc.aio.secure_channel(f"127.0.0.1:{sample.running.port}", opened[-1])

    async with RenewingChannel(secure, lambda: stamp(client_files(client)), clock=lambda: moments[0]) as renewing:
        stub = alert_pb2_grpc.AlertServiceStub(renewing)
        bearer = (("authorization", f"Bearer {token(sub='dr-grey')}"),)
        running = stub.StreamAlerts(alert_pb2.StreamAlertsRequest(), metadata=bearer)
        assert (await running.read()).cursor == "1"
        authority.issue("reporting", "client-reporting")
        moments[0] = 11.0
        assert (await stub.GetAlert(ALERT, metadata=bearer)).alert_id == "dr-grey"
        assert len(opened) == 2
        client.tls_key.unlink()
        moments[0] = 22.0
        assert (await stub.GetAlert(ALERT, metadata=bearer)).alert_id == "dr-grey"
        assert len(opened) == 2
        go_on.set()
        assert (await running.read()).cursor == "2"


async def test_an_expired_client_certificate_is_refused(serve, settings, authority):
    sample = await serve(settings.model_copy(update={"tls_client_authority": authority.file}))
    chain, key = authority.issue("game", "expired", lasts=timedelta(minutes=-1))
    expired = settings.model_copy(update={"tls_certificate": chain, "tls_key": key})
    stub = alert_pb2_grpc.AlertServiceStub(sample.channel(token(), expired))
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await stub.GetAlert(ALERT, timeout=3)
    assert error.value.code() in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED)


async def test_a_client_certificate_of_another_authority_is_refused(serve, settings, authority, tmp_path):
    sample = await serve(settings.model_copy(update={"tls_client_authority": authority.file}))
    (tmp_path / "other").mkdir()
    chain, key = Authority(tmp_path / "other").issue("game", "client")
    foreign = settings.model_copy(update={"tls_certificate": chain, "tls_key": key})
    stub = alert_pb2_grpc.AlertServiceStub(sample.channel(token(), foreign))
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await stub.GetAlert(ALERT, timeout=3)
    assert error.value.code() in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED)


async def test_probes_reach_health_and_nothing_else_without_a_certificate(serve, settings, authority):
    sample = await serve(settings.model_copy(update={"tls_client_authority": authority.file, "health_port": 0}))
    async with grpc.aio.insecure_channel(f"127.0.0.1:{sample.running.health_port}") as probe:
        answer = await health_pb2_grpc.HealthStub(probe).Check(
            health_pb2.HealthCheckRequest(service="monitoring-readiness")
        )
        assert answer.status == health_pb2.HealthCheckResponse.SERVING
        with pytest.raises(grpc.aio.AioRpcError) as error:
            await alert_pb2_grpc.AlertServiceStub(probe).GetAlert(ALERT)
    assert error.value.code() == grpc.StatusCode.UNIMPLEMENTED


async def test_a_half_written_certificate_changes_nothing(serve, settings, authority):
    sample = await serve(settings)
    sample.alerts.get = name_of_caller
    settings.tls_key.unlink()
    bare = settings.model_copy(update={"tls_certificate": None, "tls_key": None})
    stub = alert_pb2_grpc.AlertServiceStub(sample.channel(token(sub="dr-grey"), bare))
    assert (await stub.GetAlert(ALERT)).alert_id == "dr-grey"


async def test_a_listed_client_certificate_is_a_service(serve, settings, authority):
    mutual = settings.model_copy(update={"tls_client_authority": authority.file, "tls_client_names": ("game",)})
    sample = await serve(mutual)
    seen = []

    async def sessions(messages):
        seen.append(current_caller())
        return ingestion_pb2.IngestSummary()

    sample.ingestion.sessions, sample.alerts.get = sessions, name_of_caller
    client = as_client(mutual, authority, "game")
    stub = ingestion_pb2_grpc.IngestionServiceStub(sample.channel("", client))
    await stub.IngestSessions(iter([]))
    assert (seen[0].name, seen[0].role, seen[0].permissions) == ("game", "service", {"ingest", "subscribe_alerts"})
    # A token says more than the connection that it came over.
    bearer = alert_pb2_grpc.AlertServiceStub(sample.channel(token("therapist", sub="dr-grey"), client))
    assert (await bearer.GetAlert(ALERT)).alert_id == "dr-grey"


async def test_a_client_certificate_that_is_not_listed_is_nobody(serve, settings, authority):
    sample = await serve(settings.model_copy(update={"tls_client_authority": authority.file}))
    stub = alert_pb2_grpc.AlertServiceStub(sample.channel("", as_client(settings, authority, "stranger")))
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await stub.GetAlert(ALERT)
    assert isinstance(from_error(error.value), Unauthenticated)


async def test_with_mutual_tls_nobody_enters_without_a_certificate(serve, settings, authority):
    sample = await serve(settings.model_copy(update={"tls_client_authority": authority.file}))
    bare = settings.model_copy(update={"tls_certificate": None, "tls_key": None})
    stub = alert_pb2_grpc.AlertServiceStub(sample.channel(token(), bare))
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await stub.GetAlert(ALERT, timeout=3)
    assert error.value.code() in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED)


async def test_a_service_may_not_do_what_people_do(serve, settings, authority):
    mutual = settings.model_copy(update={"tls_client_authority": authority.file, "tls_client_names": ("game",)})
    sample = await serve(mutual)
    stub = alert_pb2_grpc.AlertServiceStub(sample.channel("", as_client(mutual, authority, "game")))
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await stub.ResolveAlert(alert_pb2.ResolveAlertRequest(alert_id="1"))
    assert isinstance(from_error(error.value), PermissionDenied)


def test_with_a_certificate_and_no_secret_services_call_each_other_without_tokens(settings):
    assert service_token(settings.model_copy(update={"auth_secret_key": None}), "reporting") == ""
    with pytest.raises(SettingError, match="TTA_AUTH_SECRET_KEY"):
        service_token(Settings(), "reporting")


def test_a_certificate_without_its_key_is_one_clear_line(settings):
    with pytest.raises(SettingError, match="TTA_TLS_KEY: is not set"):
        server_credentials(settings.model_copy(update={"tls_key": None}))

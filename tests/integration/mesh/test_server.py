import asyncio

import grpc
import httpx
import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorProto
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
from tta.analytics.v1 import alert_pb2, ingestion_pb2

from benchmarks.alerts.http2 import Connection
from mesh.identity import current_caller, service_token
from mesh.refusal import NotFound, OutOfRange
from mesh.server import Service, start
from mesh.settings import SettingError
from mesh.statuses import from_error
from mesh.telemetry import REGISTRY
from tests.integration.mesh.conftest import token

SERVING, NOT_SERVING = 1, 2


async def refusal_of(call):
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await call
    return from_error(error.value)


async def well(request):
    return alert_pb2.Alert(alert_id=request.alert_id)


async def test_a_call_goes_through_and_knows_its_caller(sample):
    async def get(request):
        return alert_pb2.Alert(alert_id=current_caller().name)

    sample.alerts.get = get
    answer = await sample.alerts_as(token("therapist", sub="dr-grey")).GetAlert(alert_pb2.GetAlertRequest(alert_id="1"))
    assert answer.alert_id == "dr-grey"


async def test_a_services_own_token_opens_what_services_may_do(sample):
    async def sessions(messages):
        return ingestion_pb2.IngestSummary(received=len([message async for message in messages]))

    sample.ingestion.sessions = sessions
    stub = sample.ingestion_as(lambda: service_token(sample.settings, "game"))
    assert (await stub.IngestSessions(iter([ingestion_pb2.IngestSessionsRequest()] * 3))).received == 3


async def test_a_refusal_arrives_with_reason_metadata_violations_and_retry(sample):
    async def get(request):
        raise NotFound("alert_not_found", "No alert of that id.", metadata={"hint": "list"}, retry_after=1.5)

    sample.alerts.get = get
    refusal = await refusal_of(sample.alerts_as(token()).GetAlert(alert_pb2.GetAlertRequest(alert_id="1")))
    assert isinstance(refusal, NotFound)
    assert (refusal.reason, refusal.message, refusal.metadata, refusal.retry_after) == (
        "alert_not_found",
        "No alert of that id.",
        {"hint": "list"},
        1.5,
    )


async def test_a_refusal_in_the_middle_of_a_stream_arrives_whole(sample):
    async def stream(request):
        yield alert_pb2.StreamAlertsResponse(cursor="1")
        raise OutOfRange("cursor_too_old", "That is gone.", metadata={"oldest_cursor": "5"})

    sample.alerts.stream = stream
    call = sample.alerts_as(token()).StreamAlerts(alert_pb2.StreamAlertsRequest())
    assert (await call.read()).cursor == "1"
    refusal = await refusal_of(call.read())
    assert (type(refusal), refusal.metadata) == (OutOfRange, {"oldest_cursor": "5"})


async def test_what_a_fault_says_stays_in_the_log_by_its_incident(sample, caplog):
    async def get(request):
        raise RuntimeError("player p-77 said: help")

    sample.alerts.get = get
    refusal = await refusal_of(sample.alerts_as(token()).GetAlert(alert_pb2.GetAlertRequest(alert_id="1")))
    assert "p-77" not in refusal.message
    [record] = [record for record in caplog.records if record.message == "incident"]
    assert record.incident == refusal.metadata["incident"]
    assert record.incident in refusal.message


@pytest.mark.parametrize("code", ["UNAVAILABLE", "DEADLINE_EXCEEDED", "CANCELLED"])
async def test_a_service_that_does_not_answer_a_call_within_is_said_to_be_away(sample, code):
    nothing = grpc.aio.Metadata()

    async def reveal(request):
        raise grpc.aio.AioRpcError(grpc.StatusCode[code], nothing, nothing)

    sample.alerts.reveal = reveal
    call = sample.alerts_as(token()).RevealAlertSubject(
        alert_pb2.RevealAlertSubjectRequest(alert_id="1", purpose="to call them")
    )
    refusal = await refusal_of(call)
    assert (refusal.code, refusal.reason) == ("UNAVAILABLE", "dependency_unavailable")


async def test_every_violation_is_listed_with_its_field(sample):
    async def sessions(messages):
        return ingestion_pb2.IngestSummary(received=len([message async for message in messages]))

    sample.ingestion.sessions = sessions
    good, bad = ingestion_pb2.IngestSessionsRequest(), ingestion_pb2.IngestSessionsRequest(request_id="x" * 129)
    bad.sessions.add(user_id="u", duration_minutes=float("nan")).started_at.GetCurrentTime()
    bad.sessions.add(user_id="x" * 257, duration_minutes=-1).started_at.GetCurrentTime()
    stub = sample.ingestion_as(token("service"))
    refusal = await refusal_of(stub.IngestSessions(iter([good, bad])))
    assert refusal.reason == "request_invalid"
    assert sorted({violation.field for violation in refusal.violations}) == [
        "request_id",
        "sessions[0].duration_minutes",
        "sessions[1].duration_minutes",
        "sessions[1].user_id",
    ]


@pytest.mark.parametrize("room", ["9" * 5000, "-1", "1e9", ""])
async def test_a_senseless_room_for_the_status_is_passed_over(sample, room):
    async def refused(messages):
        raise NotFound("nothing_here", "There is nothing here.")

    sample.ingestion.sessions = refused
    async with grpc.aio.insecure_channel(f"127.0.0.1:{sample.running.port}") as foreign:
        call = foreign.stream_unary(
            "/tta.analytics.v1.IngestionService/IngestSessions",
            request_serializer=ingestion_pb2.IngestSessionsRequest.SerializeToString,
            response_deserializer=ingestion_pb2.IngestSummary.FromString,
        )
        metadata = (("authorization", f"Bearer {token('service')}"), ("tta-status-bytes", room))
        refusal = await refusal_of(call(iter([]), metadata=metadata))
    assert refusal.reason == "nothing_here"


async def test_a_thousand_violations_reach_our_client_and_a_foreign_client_gets_what_fits(sample):
    async def consumed(messages):
        return ingestion_pb2.IngestSummary(received=len([message async for message in messages]))

    sample.ingestion.sessions = consumed
    bad = ingestion_pb2.IngestSessionsRequest()
    for _ in range(1000):
        bad.sessions.add(user_id="u", duration_minutes=-1).started_at.GetCurrentTime()
    refusal = await refusal_of(sample.ingestion_as(token("service")).IngestSessions(iter([bad])))
    assert len(refusal.violations) == 1000
    async with grpc.aio.insecure_channel(f"127.0.0.1:{sample.running.port}") as foreign:
        call = foreign.stream_unary(
            "/tta.analytics.v1.IngestionService/IngestSessions",
            request_serializer=ingestion_pb2.IngestSessionsRequest.SerializeToString,
            response_deserializer=ingestion_pb2.IngestSummary.FromString,
        )
        refusal = await refusal_of(call(iter([bad]), metadata=(("authorization", f"Bearer {token('service')}"),)))
    assert refusal.reason == "request_invalid"
    assert 10 < len(refusal.violations) < 200
    assert refusal.violations[-1].description.endswith("more violations")


async def test_health_is_told_by_name_and_follows_readiness(serve, settings):
    sample = await serve(settings)
    stub = health_pb2_grpc.HealthStub(sample.channel(""))

    async def status(name):
        return (await stub.Check(health_pb2.HealthCheckRequest(service=name))).status

    names = ("", "tta.analytics.v1.AlertService", "monitoring-readiness", "monitoring-liveness")
    assert [await status(name) for name in names] == [SERVING] * 4
    watch = stub.Watch(health_pb2.HealthCheckRequest(service="monitoring-readiness"))
    assert (await watch.read()).status == SERVING
    sample.is_ready = False
    assert (await watch.read()).status == NOT_SERVING
    assert [await status(name) for name in names] == [NOT_SERVING] * 3 + [SERVING]
    watch.cancel()
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await status("nobody")
    assert error.value.code() == grpc.StatusCode.NOT_FOUND


async def test_reflection_tells_the_services_and_their_files(sample):
    stub = reflection_pb2_grpc.ServerReflectionStub(sample.channel(""))
    requests = [
        reflection_pb2.ServerReflectionRequest(list_services=""),
        reflection_pb2.ServerReflectionRequest(file_containing_symbol="tta.analytics.v1.AlertService"),
    ]
    answers = [answer async for answer in stub.ServerReflectionInfo(iter(requests))]
    names = [service.name for service in answers[0].list_services_response.service]
    assert "tta.analytics.v1.AlertService" in names
    file = FileDescriptorProto.FromString(answers[1].file_descriptor_response.file_descriptor_proto[0])
    assert file.package == "tta.analytics.v1"


async def test_metrics_and_health_are_served_over_http(sample):
    sample.alerts.get = well
    await sample.alerts_as(token()).GetAlert(alert_pb2.GetAlertRequest(alert_id="1"))
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{sample.running.http_port}", timeout=60) as http:
        metrics = (await http.get("/metrics")).text
        assert 'tta_analytics_grpc_requests_total{method="GetAlert",service="AlertService"}' in metrics
        assert 'tta_analytics_grpc_request_seconds_bucket{le="0.005",method="GetAlert"' in metrics
        assert 'tta_analytics_grpc_in_flight{method="GetAlert",service="AlertService"} 0.0' in metrics
        assert all(line.startswith(("#", "tta_analytics_")) for line in metrics.splitlines())
        assert (await http.get("/health")).json() == {"status": "healthy", "service": "monitoring"}
        assert [(await http.get(path)).status_code for path in ("/livez", "/readyz")] == [200, 200]


async def test_a_refused_call_is_counted_by_its_code_and_its_time_flatters_nobody(sample):
    def figures():
        of = {"service": "AlertService", "method": "GetAlert"}
        timed = REGISTRY.get_sample_value("tta_analytics_grpc_request_seconds_count", of) or 0.0
        codes = [of | {"code": code} for code in ("UNAUTHENTICATED", "NOT_FOUND")]
        return [timed, *(REGISTRY.get_sample_value("tta_analytics_grpc_refused_total", each) or 0.0 for each in codes)]

    async def get(request):
        raise NotFound("alert_not_found", "No alert of that id.")

    sample.alerts.get = get
    before = figures()
    await refusal_of(
        sample.alerts_as(token(secret="another key of more than thirty bytes")).GetAlert(
            alert_pb2.GetAlertRequest(alert_id="1")
        )
    )
    await refusal_of(sample.alerts_as(token()).GetAlert(alert_pb2.GetAlertRequest(alert_id="1")))
    sample.alerts.get = well
    await sample.alerts_as(token()).GetAlert(alert_pb2.GetAlertRequest(alert_id="1"))
    assert [now - then for now, then in zip(figures(), before, strict=True)] == [1, 1, 1]


def refused_for_want_of_room():
    of = {"service": "AlertService", "method": "GetAlert", "code": "RESOURCE_EXHAUSTED"}
    return REGISTRY.get_sample_value("tta_analytics_grpc_refused_total", of) or 0.0


async def test_too_many_calls_at_once_are_told_so_and_counted(serve, settings):
    sample = await serve(settings.model_copy(update={"max_concurrent_calls": 2}))
    release = asyncio.Event()

    async def get(request):
        await release.wait()
        return alert_pb2.Alert()

    sample.alerts.get = get
    stub, before = sample.alerts_as(token()), refused_for_want_of_room()
    calls = [stub.GetAlert(alert_pb2.GetAlertRequest(alert_id="1")) for _ in range(3)]
    codes = [asyncio.ensure_future(_code(call)) for call in calls]
    done, pending = await asyncio.wait(codes, return_when="FIRST_COMPLETED")
    assert [task.result() for task in done] == [grpc.StatusCode.RESOURCE_EXHAUSTED]
    assert refused_for_want_of_room() - before == 1
    release.set()
    assert [await task for task in pending] == [grpc.StatusCode.OK] * 2
    assert await _code(stub.GetAlert(alert_pb2.GetAlertRequest(alert_id="1"))) == grpc.StatusCode.OK


async def _code(call):
    return await call.code()


async def test_a_message_over_the_limit_is_refused(serve, settings):
    sample = await serve(settings.model_copy(update={"max_message_bytes": 1 << 16}))
    stub = sample.ingestion_as(token("service"))
    sample = ingestion_pb2.IngestSessionsRequest(request_id="x" * (1 << 17))
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await stub.IngestSessions(iter([sample]))
    assert error.value.code() == grpc.StatusCode.RESOURCE_EXHAUSTED


async def test_draining_ends_streams_with_their_cursor_and_lets_calls_finish(serve, settings):
    sample = await serve(settings)
    entered = asyncio.Event()

    async def get(request):
        entered.set()
        await sample.drained.wait()
        return alert_pb2.Alert(alert_id="finished")

    async def stream(request):
        yield alert_pb2.StreamAlertsResponse(cursor="41")
        await sample.drained.wait()
        yield alert_pb2.StreamAlertsResponse(cursor="42", ending=True)

    sample.alerts.get, sample.alerts.stream = get, stream
    stub = sample.alerts_as(token())
    watch = health_pb2_grpc.HealthStub(sample.channel("")).Watch(health_pb2.HealthCheckRequest(service=""))
    assert (await watch.read()).status == SERVING
    unary = asyncio.ensure_future(_answer(stub.GetAlert(alert_pb2.GetAlertRequest(alert_id="1"))))
    call = stub.StreamAlerts(alert_pb2.StreamAlertsRequest())
    assert (await call.read()).cursor == "41"
    await entered.wait()
    stopping = asyncio.ensure_future(sample.running.stop(60.0))
    assert (await watch.read()).status == NOT_SERVING
    last = await call.read()
    assert (last.cursor, last.ending) == ("42", True)
    assert await call.read() is grpc.aio.EOF
    assert (await unary).alert_id == "finished"
    watch.cancel()
    await stopping


async def test_while_a_process_drains_no_call_is_taken_and_streams_of_requests_end_in_words(serve, settings):
    over, read = asyncio.Event(), asyncio.Event()
    sample = await serve(settings, drain=over.wait)

    async def sessions(messages):
        async for _ in messages:
            read.set()

    sample.alerts.get, sample.ingestion.sessions = well, sessions
    stream = sample.ingestion_as(token("service")).IngestSessions()
    await stream.write(ingestion_pb2.IngestSessionsRequest())
    await read.wait()
    watch = health_pb2_grpc.HealthStub(sample.channel("")).Watch(health_pb2.HealthCheckRequest(service=""))
    assert (await watch.read()).status == SERVING
    stopping = asyncio.ensure_future(sample.running.stop(60.0))
    assert (await watch.read()).status == NOT_SERVING
    await stream.write(ingestion_pb2.IngestSessionsRequest())
    async with asyncio.timeout(60):
        refusal = await refusal_of(stream)
        assert (refusal.code, refusal.reason) == ("UNAVAILABLE", "stopping")
        late = sample.alerts_as(token()).GetAlert(alert_pb2.GetAlertRequest(alert_id="1"), wait_for_ready=False)
        assert await _code(late) is grpc.StatusCode.UNAVAILABLE
    assert not stopping.done()
    watch.cancel()
    over.set()
    await stopping


async def _answer(call):
    return await call


async def test_a_cancelled_call_ends_its_handler(sample):
    ended = asyncio.Event()

    async def stream(request):
        try:
            yield alert_pb2.StreamAlertsResponse(cursor="1")
            await asyncio.Event().wait()
        finally:
            ended.set()

    sample.alerts.stream = stream
    call = sample.alerts_as(token()).StreamAlerts(alert_pb2.StreamAlertsRequest())
    await call.read()
    call.cancel()
    async with asyncio.timeout(60):
        await ended.wait()


async def test_background_work_that_fails_is_started_again(serve, settings):
    runs = []
    again = asyncio.Event()

    async def work():
        runs.append(len(runs))
        if len(runs) == 1:
            raise LookupError
        again.set()

    await serve(settings, background=(work,))
    async with asyncio.timeout(60):
        await again.wait()
    assert runs == [0, 1]


async def test_a_taken_port_is_one_clear_line(sample, settings):
    service = Service(
        name="monitoring",
        port=sample.running.port,
        register=lambda server: None,
        service_names=(),
        ready=sample._ready,
        http_port=0,
    )
    with pytest.raises(SettingError, match="TTA_MONITORING_PORT"):
        await start(service, settings)


async def test_calls_that_come_all_at_once_are_all_answered(sample):
    answered, refused = set(), []
    loop = asyncio.get_running_loop()
    _, line = await loop.create_connection(
        lambda: Connection(lambda stream, _: answered.add(stream), refused.append), "127.0.0.1", sample.running.port
    )
    asked = {line.call("/grpc.health.v1.Health/Watch", b"", []) for _ in range(3_000)}
    async with asyncio.timeout(60):
        while not refused and answered < asked:  # noqa: ASYNC110 nothing tells of data but the bytes themselves
            await asyncio.sleep(0.05)
    line.close()
    assert (refused, len(answered)) == ([], 3_000)

"""Files of reports in an object store that speaks S3, over HTTP."""

import httpx
import pytest
from tta.analytics.v1 import report_pb2, report_pb2_grpc

from mesh.refusal import NotFound, Unavailable
from mesh.settings import SettingError
from reporting_svc import bootstrap
from reporting_svc.adapters.bucket import open_bucket
from tests.integration.reporting.test_reports import CSV, HTML, asked, downloaded, finished
from tests.servers import free_port, running_object_store


@pytest.fixture(scope="module")
def store():
    with running_object_store() as running:
        yield running


def opened(store, bucket="reports/tta"):
    return open_bucket(bucket, endpoint=store.url, region="us-east-1", key_id="id", secret="secret")


def listed(store):
    return httpx.get(f"{store.url}/{store.bucket}", trust_env=False, timeout=60).text


async def test_files_are_written_read_replaced_and_deleted_under_their_prefix(store):
    files = opened(store)
    await files.put("abc/1/html.html", b"one")
    await files.put("abc/1/html.html", b"two")
    assert await files.get("abc/1/html.html") == b"two"
    assert "<Key>tta/abc/1/html.html</Key>" in listed(store)
    await files.put("abc/2/html.html", b"other")
    await files.put("abcd/1/html.html", b"another")
    await files.forget(["abc/1", "never"])
    assert "abc/1" not in listed(store)
    await files.forget(["abc"])
    assert await files.get("abcd/1/html.html") == b"another"
    assert "tta/abc/" not in listed(store)
    with pytest.raises(NotFound):
        await files.get("abc/1/html.html")


async def test_a_large_file_comes_back_whole(store):
    files, content = opened(store), bytes(range(256)) * 60_000
    await files.put("abc/2/excel.xlsx", content)
    assert await files.get("abc/2/excel.xlsx") == content


async def test_a_store_that_is_away_or_has_no_such_bucket_is_a_reason_to_try_again(store):
    with pytest.raises(Unavailable):
        await opened(store, "nowhere").put("abc/1/html.html", b"x")
    away = open_bucket(
        "reports", endpoint=f"http://127.0.0.1:{free_port()}", region="us-east-1", key_id="id", secret="secret"
    )
    with pytest.raises(Unavailable):
        await away.get("abc/1/html.html")


@pytest.mark.parametrize("endpoint", ["http://objects.example.org", "ftp://127.0.0.1", "objects.example.org"])
def test_an_endpoint_without_encryption_is_refused(endpoint):
    with pytest.raises(ValueError, match="https"):
        open_bucket("reports", endpoint=endpoint, region="us-east-1", key_id=None, secret=None)


@pytest.fixture
def settings(settings, store):
    changed = {"report_files": "bucket", "report_bucket": "reports/made", "report_bucket_endpoint": store.url}
    key = {"report_bucket_key_id": "id", "report_bucket_secret": "secret"}
    return type(settings).model_validate({**settings.model_dump(), **changed, **key})


async def test_a_report_is_kept_in_the_bucket_and_goes_with_its_files(dial, store):
    stub = report_pb2_grpc.ReportServiceStub(dial())
    report = await stub.GenerateReport(asked(formats=[HTML]))
    await finished(stub, report.report_id)
    assert f"made/{report.report_id}" in listed(store)
    assert (await downloaded(stub, report.report_id, HTML))[1].startswith(b"<!")
    assert (await downloaded(stub, report.report_id, CSV))[1].startswith(b"PK")
    await stub.DeleteReport(report_pb2.DeleteReportRequest(report_id=report.report_id))
    assert report.report_id not in listed(store)


@pytest.mark.parametrize(
    ("wrong", "variable"),
    [
        ({"report_bucket": ""}, "TTA_REPORT_BUCKET"),
        ({"report_bucket_secret": None}, "TTA_REPORT_BUCKET_SECRET"),
        ({"report_bucket_endpoint": "http://objects.example.org"}, "TTA_REPORT_BUCKET_ENDPOINT"),
    ],
)
async def test_a_wrong_setting_names_itself(reporting, settings, wrong, variable):
    with pytest.raises(SettingError, match=variable):
        await bootstrap.bootstrap(settings.model_copy(update=wrong))

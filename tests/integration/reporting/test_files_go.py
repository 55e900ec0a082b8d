"""Files go with their report and not before, whatever is away or late."""

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from mesh.refusal import NotFound, Unavailable
from reporting_svc.adapters.store.reports import SqlReports
from reporting_svc.adapters.store.tables import discarded_folders, reports
from reporting_svc.domain.job import State, Viewer
from reporting_svc.ports import Files
from reporting_svc.store_ports import Once
from reporting_svc.usecases.keep_files import Expiry
from tests.integration.reporting.test_reports import START, add

ADA = Viewer("ada", manages=True)


@dataclass
class Away(Files):
    """A store of files that is away when it is to remove some."""

    files: Files
    times: int = 1

    async def put(self, key, content):
        await self.files.put(key, content)

    async def get(self, key):
        return await self.files.get(key)

    async def forget(self, folders):
        if self.times:
            self.times -= 1
            raise Unavailable("files_unavailable", "The store does not answer.")
        await self.files.forget(folders)


@pytest.fixture
async def made(reporting):
    """The id of a report that is done, and the keys of its files."""
    report_id = await add(reporting)
    assert await reporting.making[0].make_one()
    report = await reporting.making[0].reports.get(report_id)
    assert report.state is State.DONE
    yield report_id, [one.key for one in report.renditions]
    await reporting.service.close()


async def left(files, keys):
    found = []
    for key in keys:
        try:
            found.append(await files.get(key))
        except NotFound:
            continue
    return found


async def test_they_go_at_the_next_look_where_the_store_was_away_when_their_term_ended(reporting, made):
    maker, (_, keys) = reporting.making[0], made
    expiry = Expiry(maker.reports, Away(maker.files))
    async with reporting.database.begin() as connection:
        await connection.execute(sa.update(reports).values(expires_at=START))
    with pytest.raises(Unavailable):
        await expiry.once()
    assert len(await left(maker.files, keys)) == len(keys)
    await expiry.once()
    assert await left(maker.files, keys) == []
    assert await maker.reports.discarded(10) == []


async def test_they_go_later_where_the_store_was_away_when_their_report_was_deleted(reporting, made):
    maker, (report_id, keys) = reporting.making[0], made
    asking = replace(reporting.running.asking, files=Away(maker.files))
    with pytest.raises(Unavailable):
        await asking.delete(report_id, ADA, Once("ada", "DeleteReport", "d-1", b""))
    assert len(await left(maker.files, keys)) == len(keys)
    await reporting.expiry.once()
    assert await left(maker.files, keys) == []


async def test_what_a_worker_still_writes_for_a_deleted_report_goes_too(reporting):
    maker, report_id = reporting.making[0], await add(reporting)
    await maker.reports.claim("ghost", timedelta(seconds=30), 3)
    await reporting.running.asking.delete(report_id, ADA, Once("ada", "DeleteReport", "", b""))
    key = f"{report_id}/1/html.html"
    await maker.files.put(key, b"late")
    await reporting.expiry.once()
    async with reporting.database.begin() as connection:
        await connection.execute(sa.update(discarded_folders).values(not_before=START))
    await reporting.expiry.once()
    assert await left(maker.files, [key]) == []
    await reporting.service.close()


class LateAnswer(SqlReports):
    """Writes that a report is done, and never says so."""

    async def finish(self, claim, renditions, data_as_of, *, operational):
        await super().finish(claim, renditions, data_as_of, operational=operational)
        await asyncio.Event().wait()


async def test_they_stay_where_the_answer_that_their_report_is_done_is_lost(reporting):
    maker, report_id = reporting.making[0], await add(reporting)
    late = replace(maker, reports=LateAnswer(maker.reports.database, maker.reports.acts), lease=timedelta(seconds=1))
    assert await late.make_one()
    report = await maker.reports.get(report_id)
    assert report.state is State.DONE
    assert len(await left(maker.files, [one.key for one in report.renditions])) == len(report.renditions) == 2
    await reporting.service.close()


async def test_they_go_where_a_report_is_cancelled_while_it_is_written(reporting, sources):
    sources.gate = asyncio.Event()
    maker, report_id = replace(reporting.making[0], lease=timedelta(seconds=1)), await add(reporting)
    making = asyncio.create_task(maker.make_one())
    async with asyncio.timeout(60):
        while True:
            if sources.asked:
                break
            await asyncio.sleep(0.01)
    key = f"{report_id}/1/html.html"
    await maker.files.put(key, b"half done")
    await reporting.running.asking.cancel(report_id, ADA)
    await making
    assert await left(maker.files, [key]) == []
    await reporting.service.close()

"""Releases in pages: each release, cell and segment once, whatever is released between two pages."""

import secrets
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from tta.analytics.v1 import aggregation_pb2 as pb
from tta.analytics.v1 import aggregation_pb2_grpc, common_pb2

from aggregation_svc.adapters.ledger import Ledger
from aggregation_svc.adapters.release_store import SqlReleases
from aggregation_svc.adapters.tables import answered_requests, privacy_audit_log
from aggregation_svc.domain.patterns.kinds import PatternKind
from aggregation_svc.domain.patterns.release import Pattern
from aggregation_svc.domain.patterns.segmentation import Segment
from aggregation_svc.domain.periods import Grain, Period
from aggregation_svc.domain.privacy.intervals import Figure
from aggregation_svc.domain.releases import Answer, Kind, Question, Release
from aggregation_svc.ports import Act
from aggregation_svc.release_ports import ReleaseFilter
from aggregation_svc.settings import AggregationSettings
from aggregation_svc.usecases.list_patterns import ListPatterns, PatternFilter
from aggregation_svc.usecases.list_releases import ListReleases
from mesh.audit import AuditLog
from mesh.database import Database
from mesh.idempotency import Idempotency
from tests.integration.aggregation.conftest import Dial

T = TypeVar("T")
Stub = aggregation_pb2_grpc.AggregationServiceStub
FEBRUARY, MARCH, APRIL = (Period(datetime(2026, month, 1, tzinfo=UTC), Grain.MONTH) for month in (2, 3, 4))
FIRST_OF_MARCH = Period(MARCH.start, Grain.DAY)


@pytest.fixture
def settings(settings: AggregationSettings) -> AggregationSettings:
    return settings.model_copy(update={"focus_names": ("sleep",), "numeric_workers": 0})


@pytest.fixture
def releases(database: Database) -> SqlReleases:
    audit = AuditLog(privacy_audit_log, secrets.token_bytes(32))
    idempotency = Idempotency(answered_requests, key=secrets.token_bytes(32))
    return SqlReleases(database, Ledger(database, 12_000_000), audit, idempotency)


def segments(*names: str) -> list[Pattern]:
    figure = Figure(100.0, 90.0, 110.0, 10.0, 0.0, 5.0, uninformative=False)
    return [
        Pattern(PatternKind.SESSION_BEHAVIOR, position, Segment(name, figure, None, ()), 1.0)
        for position, name in enumerate(names)
    ]


async def settle(releases: SqlReleases, question: Question, *patterns: str) -> Release:
    answer = Answer("1", 1000, 0.0, patterns=segments(*patterns))
    return await releases.settle(question, answer, "olga", Act("olga", "release_created"))


async def month(releases: SqlReleases, period: Period, revision: int = 0, *patterns: str) -> Release:
    return await settle(releases, Question(Kind.COHORTS, period, revision), *patterns)


def ids(releases: Sequence[Release]) -> list[str]:
    return [one.release_id for one in releases]


async def test_a_release_between_two_pages_shows_none_twice_and_hides_none(releases: SqlReleases) -> None:
    listed, every = ListReleases(releases), ReleaseFilter()
    oldest, day, first = [await month(releases, period) for period in (FEBRUARY, FIRST_OF_MARCH, MARCH)]
    page, more = await listed(every, None, 1)
    assert (ids(page), more) == (ids([first]), True)
    revision, newest = await month(releases, MARCH, 1), await month(releases, APRIL)
    rest, more = await listed(every, page[-1].place, 10)
    assert (ids(rest), more) == (ids([day, oldest]), False)
    whole, _ = await listed(every, None, 10)
    assert ids(whole) == ids([newest, revision, first, day, oldest])


async def test_batches_stand_first_and_the_last_one_before_the_others(releases: SqlReleases) -> None:
    await month(releases, MARCH)
    batches = [await settle(releases, Question(Kind.INLINE, None, batch=name)) for name in "abc"]
    listed, inline = ListReleases(releases), ReleaseFilter(Kind.INLINE)
    page, more = await listed(inline, None, 2)
    assert (ids(page), more) == (ids([batches[2], batches[1]]), True)
    await settle(releases, Question(Kind.INLINE, None, batch="d"))
    rest, more = await listed(inline, page[-1].place, 2)
    assert (ids(rest), more) == (ids([batches[0]]), False)


async def test_segments_go_on_in_the_release_in_which_the_page_ended(releases: SqlReleases) -> None:
    listed, every = ListPatterns(releases), PatternFilter()
    await month(releases, FEBRUARY, 0, "late")
    await month(releases, FIRST_OF_MARCH, 0, "of a day")
    await month(releases, MARCH, 0, "one", "two")
    page = await listed(every, None, 1)
    await month(releases, MARCH, 1, "other")
    await month(releases, FIRST_OF_MARCH, 1, "of the day")
    await month(releases, APRIL, 0, "early")
    names = [one.segment.name for _, one in page.found]
    while page.rest:
        page = await listed(every, page.rest, 1)
        names += [one.segment.name for _, one in page.found]
    assert names == ["one", "two", "of the day", "late"]


def at(moment: datetime) -> Timestamp:
    message = Timestamp()
    message.FromDatetime(moment)
    return message


async def read(
    ask: Callable[[str], Awaitable[Any]], rows: Callable[[Any], Sequence[T]], between: Callable[[], Awaitable[Any]]
) -> list[T]:
    """Read all pages, with something happening after the first."""
    page = await ask("")
    found = [*rows(page)]
    await between()
    while page.next_page_token:
        page = await ask(page.next_page_token)
        found += rows(page)
    return found


async def test_tokens_hold_over_a_new_release_and_a_new_revision(dial: Dial) -> None:
    admin: Any = Stub(dial("admin", "olga"))

    async def create(period: Period, revision: int = 0) -> pb.Release:
        return await admin.CreateRelease(
            pb.CreateReleaseRequest(period_start=at(period.start), grain=common_pb2.GRAIN_MONTH, revision=revision)
        )

    made = {(await create(period)).release_id for period in (FEBRUARY, MARCH)}
    listed = await read(
        lambda token: admin.ListReleases(pb.ListReleasesRequest(page_size=1, page_token=token)),
        lambda page: [one.release_id for one in page.releases],
        lambda: create(APRIL),
    )
    assert len(listed) == 2
    assert set(listed) == made
    cells = await read(
        lambda token: admin.QueryCohorts(
            pb.QueryCohortsRequest(since=at(FEBRUARY.start), therapeutic_focus="sleep", page_size=5, page_token=token)
        ),
        lambda page: [(one.release_id, one.cell.session_frequency, one.cell.engagement_level) for one in page.cohorts],
        lambda: create(APRIL, 1),
    )
    assert len(cells) == len(set(cells)) == 3 * 13  # the focus and its cohorts
    assert len({release_id for release_id, *_ in cells}) == 3

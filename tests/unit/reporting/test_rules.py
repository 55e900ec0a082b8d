"""Small rules: which ticks run, which range a report covers, what a release tells and what it does not."""

from datetime import UTC, datetime, timedelta

import pytest
from tta.analytics.v1 import aggregation_pb2, common_pb2

from mesh.refusal import InvalidArgument, NotFound, PermissionDenied
from reporting_svc.adapters import released
from reporting_svc.adapters.calendar import CronCalendar
from reporting_svc.adapters.files import FolderFiles
from reporting_svc.domain.job import Spec, Viewer, check_spec, span
from reporting_svc.domain.report import ReportFormat, ReportType
from reporting_svc.domain.schedule import CatchUp, covered, decide
from reporting_svc.domain.snapshot import Grain
from reporting_svc.servicers.legacy import filters_of

NOW = datetime(2026, 3, 18, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("grain", "start", "end"),
    [
        (Grain.DAY, datetime(2026, 3, 16, tzinfo=UTC), datetime(2026, 3, 18, tzinfo=UTC)),
        (Grain.WEEK, datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 16, tzinfo=UTC)),
        (Grain.MONTH, datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)),
    ],
)
def test_a_tick_covers_the_complete_periods_before_it(grain, start, end):
    assert covered(NOW, 2, grain) == (start, end)


def test_thirteen_months_back_cross_a_year():
    assert covered(NOW, 13, Grain.MONTH)[0] == datetime(2025, 2, 1, tzinfo=UTC)


@pytest.mark.parametrize("policy", list(CatchUp))
def test_a_tick_that_is_on_time_runs_under_every_policy(policy):
    on_time = [NOW - timedelta(seconds=2), NOW - timedelta(seconds=1)]
    assert decide(on_time, NOW, policy) == [(tick, True) for tick in on_time]


def test_after_a_silence_only_the_latest_runs_unless_a_newer_one_is_on_time():
    late = [NOW - timedelta(days=2), NOW - timedelta(days=1)]
    assert [goes for _, goes in decide(late, NOW, CatchUp.LATEST)] == [False, True]
    assert [goes for _, goes in decide([*late, NOW], NOW, CatchUp.LATEST)] == [False, False, True]


def test_a_range_is_a_year_unless_given_and_never_backwards():
    start, end = span(None, None, NOW)
    assert (end, (end - start).days) == (NOW, 366)
    with pytest.raises(InvalidArgument):
        span(NOW, NOW, NOW)
    with pytest.raises(InvalidArgument):
        span(NOW - timedelta(days=4000), NOW, NOW)


def test_what_a_viewer_may_not_see_is_refused_before_any_work():
    with pytest.raises(PermissionDenied):
        check_spec(Spec(ReportType.SYSTEM_PERFORMANCE), Viewer("tom"))
    with pytest.raises(PermissionDenied):
        check_spec(Spec(ReportType.COHORT_ANALYSIS, formats=(ReportFormat.EXCEL,)), Viewer("tom"))
    check_spec(Spec(ReportType.COHORT_ANALYSIS, formats=(ReportFormat.EXCEL,)), Viewer("ada", exports=True))


def test_a_mean_that_the_noise_swallowed_is_missing_and_not_zero():
    message = aggregation_pb2.Cell(therapeutic_focus="other", subjects=common_pb2.Estimate(value=9.0))
    message.measures.add(measure=aggregation_pb2.MEASURE_MINUTES).count.value = 7.6
    known = message.measures.add(measure=aggregation_pb2.MEASURE_SESSIONS)
    known.mean.value = 3.0
    cell = released.cell(message)
    assert set(cell.figures) == {"sessions"}


def test_unknown_filters_of_old_callers_are_named_and_known_ones_kept():
    filters, ignored = filters_of({"focus": "sleep", "grain": "week", "moon": 1, "statistics": ["minutes"]})
    assert (filters.therapeutic_focus, filters.grain, filters.statistics) == (("sleep",), Grain.WEEK, ("minutes",))
    assert ignored == ["moon"]


async def test_files_stay_in_their_folder(tmp_path):
    files = FolderFiles(tmp_path / "reports")
    await files.put("abc/1/html.html", b"x")
    assert await files.get("abc/1/html.html") == b"x"
    await files.put("abc/2/html.html", b"y")
    await files.forget(["abc/1", "never"])
    with pytest.raises(NotFound):
        await files.get("abc/1/html.html")
    assert await files.get("abc/2/html.html") == b"y"
    await files.forget(["abc"])
    assert not list((tmp_path / "reports").iterdir())
    for key in ("../secret", "/etc/passwd", "a/../../b"):
        with pytest.raises(ValueError, match="no key of ours"):
            await files.get(key)


def test_ticks_are_counted_back_no_further_than_the_oldest_that_is_due():
    back = CronCalendar().back
    assert back("30 9 * * *", "UTC", NOW, 3, NOW - timedelta(days=99)) == NOW - timedelta(days=2)
    assert back("30 9 * * *", "UTC", NOW, 100, NOW - timedelta(days=3)) == NOW - timedelta(days=3)
    assert back("0 0 29 2 SUN", "UTC", NOW, 100, NOW - timedelta(days=3)) is None

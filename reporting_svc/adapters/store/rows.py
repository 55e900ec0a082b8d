"""Rows and the values that they hold."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from reporting_svc.domain.job import Failure, Rendition, Report, Spec, State
from reporting_svc.domain.panels import Panel
from reporting_svc.domain.plain import from_plain, to_plain
from reporting_svc.domain.schedule import Delivery, Run, RunState
from reporting_svc.store_ports import Page


def report_row(report: Report) -> dict[str, Any]:
    """Return the row of a new report."""
    return {
        "report_id": report.report_id,
        "report_type": report.spec.report_type.value,
        "spec": to_plain(report.spec),
        "panels": to_plain(report.panels),
        "notices": list(report.notices),
        "range_start": report.range_start,
        "range_end": report.range_end,
        "operational": report.operational,
        "created_by": report.created_by,
        "created_at": report.created_at,
        "expires_at": report.expires_at,
        "state": report.state.value,
        "progress": report.progress,
        "stage": report.stage,
        "renditions": [],
        "schedule_id": report.schedule_id,
        "run_id": report.run_id,
        "attempts": 0,
        "token": 0,
        "not_before": report.created_at,
    }


def report_of(row: Any) -> Report:
    """Return the report of a row."""
    return Report(
        report_id=row.report_id,
        spec=from_plain(Spec, row.spec),
        range_start=row.range_start,
        range_end=row.range_end,
        panels=tuple(from_plain(Panel, one) for one in row.panels),
        notices=tuple(row.notices),
        created_by=row.created_by,
        created_at=row.created_at,
        expires_at=row.expires_at,
        state=State(row.state),
        progress=row.progress,
        stage=row.stage,
        failure=Failure(row.failure_reason, row.failure_message or "") if row.failure_reason else None,
        started_at=row.started_at,
        finished_at=row.finished_at,
        data_as_of=row.data_as_of,
        renditions=tuple(from_plain(Rendition, one) for one in row.renditions),
        schedule_id=row.schedule_id,
        run_id=row.run_id,
        attempts=row.attempts,
        operational=row.operational,
    )


def run_row(run: Run, now: datetime) -> dict[str, Any]:
    """Return the row of a new run."""
    return {
        "run_id": run.run_id,
        "schedule_id": run.schedule_id,
        "tick": run.tick,
        "state": run.state.value,
        "report_id": run.report_id,
        "handed_over": 0,
        "finished_at": run.finished_at,
        "manual": run.manual,
        "deliveries": to_plain(run.deliveries or ()),
        "attempts": 0,
        "token": 0,
        "not_before": now,
    }


def run_of(row: Any) -> Run:
    """Return the run of a row."""
    return Run(
        run_id=row.run_id,
        schedule_id=row.schedule_id,
        tick=row.tick,
        state=RunState(row.state),
        report_id=row.report_id,
        failure=Failure(row.failure_reason, row.failure_message or "") if row.failure_reason else None,
        handed_over=row.handed_over,
        finished_at=row.finished_at,
        manual=row.manual,
        deliveries=None if row.deliveries is None else tuple(from_plain(Delivery, one) for one in row.deliveries),
    )


def paged(query: sa.Select[Any], moment: sa.Column[Any], key: sa.Column[Any], page: Page) -> sa.Select[Any]:
    """Return a page of a query, newest first, below a position."""
    if page.before is not None:
        at, last = page.before
        query = query.where(sa.or_(moment < at, sa.and_(moment == at, key < last)))
    return query.order_by(moment.desc(), key.desc()).limit(page.size)

"""Dashboards as rows: a head that is locked, and every version beside it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from mesh.database import Database
from mesh.refusal import Aborted, FailedPrecondition, NotFound
from reporting_svc.adapters.store.acts import Acts
from reporting_svc.adapters.store.rows import paged
from reporting_svc.adapters.store.tables import dashboard_versions, dashboards, schedules
from reporting_svc.domain.panels import Dashboard, Visibility
from reporting_svc.domain.plain import from_plain, to_plain
from reporting_svc.store_ports import Dashboards as DashboardsPort
from reporting_svc.store_ports import Once, Page


@dataclass(frozen=True, slots=True)
class SqlDashboards(DashboardsPort):
    """Dashboards in the database."""

    database: Database
    acts: Acts

    async def add(self, dashboard: Dashboard, once: Once) -> str:
        """Keep a new one."""
        async with self.database.begin() as connection:
            if (answer := await self.acts.answered(connection, once)) is not None:
                return answer
            await connection.execute(
                sa.insert(dashboards).values(
                    dashboard_id=dashboard.dashboard_id,
                    version=1,
                    visibility=dashboard.visibility.value,
                    created_by=dashboard.created_by,
                    created_at=dashboard.created_at,
                )
            )
            await connection.execute(sa.insert(dashboard_versions).values(**_version(dashboard)))
            details = {"dashboard_id": dashboard.dashboard_id}
            await self.acts.done(connection, once, dashboard.dashboard_id, "dashboard.created", details)
        return dashboard.dashboard_id

    async def answered(self, once: Once) -> str | None:
        """Return what this very request was answered before."""
        async with self.database.read() as connection:
            return await self.acts.known(connection, once)

    async def get(self, dashboard_id: str, version: int | None = None) -> Dashboard:
        """Return one in a version; who may see it follows from the newest."""
        wanted = dashboards.c.version if version is None else version
        query = (
            sa.select(dashboard_versions.c.content, dashboards.c.visibility)
            .join(dashboards, dashboards.c.dashboard_id == dashboard_versions.c.dashboard_id)
            .where(dashboards.c.dashboard_id == dashboard_id, dashboard_versions.c.version == wanted)
        )
        async with self.database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        if row is None:
            raise _unknown()
        return replace(from_plain(Dashboard, row.content), visibility=Visibility(row.visibility))

    async def list(self, viewer: str | None, page: Page) -> Sequence[Dashboard]:
        """Return those that are shared or somebody's own, newest first."""
        query = sa.select(dashboard_versions.c.content).join(
            dashboards,
            sa.and_(
                dashboards.c.dashboard_id == dashboard_versions.c.dashboard_id,
                dashboards.c.version == dashboard_versions.c.version,
            ),
        )
        if viewer is not None:
            shared = dashboards.c.visibility == Visibility.SHARED.value
            query = query.where(sa.or_(shared, dashboards.c.created_by == viewer))
        query = paged(query, dashboards.c.created_at, dashboards.c.dashboard_id, page)
        async with self.database.read() as connection:
            return [from_plain(Dashboard, row.content) for row in await connection.execute(query)]

    async def save(self, dashboard: Dashboard, expected: int, by: str, once: Once) -> int:
        """Keep a further version."""
        async with self.database.begin() as connection:
            if (answer := await self.acts.answered(connection, once)) is not None:
                return int(answer)
            saved = await connection.execute(
                sa.update(dashboards)
                .where(dashboards.c.dashboard_id == dashboard.dashboard_id, dashboards.c.version == expected)
                .values(version=dashboard.version, visibility=dashboard.visibility.value)
            )
            if saved.rowcount != 1:
                raise Aborted("version_conflict", "Somebody saved this dashboard in between; read it again.")
            await connection.execute(sa.insert(dashboard_versions).values(**_version(dashboard)))
            details = {"dashboard_id": dashboard.dashboard_id, "version": dashboard.version, "by": by}
            await self.acts.done(connection, once, str(dashboard.version), "dashboard.saved", details)
        return dashboard.version

    async def remove(self, dashboard_id: str, by: str, once: Once) -> None:
        """Delete one with all versions."""
        async with self.database.begin() as connection:
            if await self.acts.answered(connection, once) is not None:
                return
            shown = sa.select(schedules.c.schedule_id).where(schedules.c.dashboard_id == dashboard_id).limit(1)
            if (await connection.execute(shown)).first() is not None:
                raise FailedPrecondition("dashboard_in_use", "A schedule shows this dashboard; delete that first.")
            for table in (dashboard_versions, dashboards):
                await connection.execute(sa.delete(table).where(table.c.dashboard_id == dashboard_id))
            await self.acts.done(connection, once, "", "dashboard.deleted", {"dashboard_id": dashboard_id, "by": by})


def _version(dashboard: Dashboard) -> dict[str, Any]:
    return {
        "dashboard_id": dashboard.dashboard_id,
        "version": dashboard.version,
        "content": to_plain(dashboard),
    }


def _unknown() -> NotFound:
    return NotFound("dashboard_not_found", "No dashboard of that id and version. List them with ListDashboards.")

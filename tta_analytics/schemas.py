"""Waiting until somebody else has brought the databases to this version."""

import asyncio
import time
from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy.exc import DBAPIError

from mesh import migrations
from mesh.refusal import Unavailable
from mesh.settings import Settings, load


async def wait_for_schemas(packages: Mapping[str, str], patience: timedelta) -> str:
    """Return once each service's schema (its package by its name) is this version's, or what is behind in time."""
    settings = load(Settings)
    deadline = time.monotonic() + patience.total_seconds()
    for service, package in packages.items():
        wanted = migrations.head(package)
        while (found := await _revision(settings.database(service), package)) != wanted:
            if time.monotonic() > deadline:
                return f"the schema of {service} is at {found}, not at {wanted}"
            await asyncio.sleep(1)
    return ""


async def _revision(url: str, package: str) -> str | None:
    try:
        return await migrations.current(url, package)
    except (Unavailable, DBAPIError) as error:
        return f"a database that does not answer ({type(error).__name__})"

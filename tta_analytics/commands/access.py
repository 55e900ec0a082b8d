"""`token`, `sign-in` and `check`: tokens for callers, links for browsers, whether everything can be reached."""

import asyncio
import os
import time
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Any

import grpc
import typer
from grpc_health.v1 import health_pb2, health_pb2_grpc
from rich.table import Table

from mesh.identity import make_token
from mesh.sign_in import make_code
from tta_analytics.client.connection import AsyncClient
from tta_analytics.commands.session import console, errors, open_client
from tta_analytics.settings import CommandSettings, command_settings

SERVICES = ("aggregation", "monitoring", "reporting")
DAY, YEAR = 1440, 366 * 1440
"""Minutes that a person's token, and a program's, may last."""


class Role(StrEnum):
    """The roles that a token may name."""

    PLAYER = "player"
    THERAPIST = "therapist"
    RESEARCHER = "researcher"
    ADMIN = "admin"
    OPERATOR = "operator"
    SERVICE = "service"
    SCHEDULER = "scheduler"


def token(
    role: Annotated[Role, typer.Option(help="What the caller is.")] = Role.ADMIN,
    subject: Annotated[str, typer.Option(help="Who the caller is: for a player, the player's id.")] = "command-line",
    minutes: Annotated[
        int, typer.Option(min=1, max=YEAR, help="How long it is good; a year for a service alone.")
    ] = 30,
) -> None:
    """Print a bearer token signed with TTA_AUTH_SECRET_KEY, or with the secret that `up` made.

    A token of more than a day is made for the role service alone: it is for programs that can't sign in again, such as
    Alertmanager, and opens little.

    Example: curl -H "Authorization: Bearer $(tta-analytics token --role researcher)" localhost:8098/api/v1/cohorts
    Example: tta-analytics token --role service --subject alertmanager --minutes 525600
    """
    if minutes > DAY and role is not Role.SERVICE:
        errors.print(f"Error: --minutes: at most {DAY} for the role {role}; only a service's token may last longer")
        raise typer.Exit(2)
    settings = command_settings()
    if settings.auth_secret_key is None:
        errors.print("Error: TTA_AUTH_SECRET_KEY: is not set, and no `tta-analytics up` made one in TTA_DATA_DIR")
        raise typer.Exit(2)
    made = make_token(
        settings.auth_secret_key.get_secret_value(),
        subject,
        role.value,
        timedelta(minutes=minutes),
        issuer=settings.auth_issuer,
        audience=settings.auth_audience,
    )
    print(made)


def sign_in() -> None:
    """Print a link that signs a browser in as admin: good once, for five minutes.

    Example: xdg-open "$(tta-analytics sign-in)"
    """
    link = sign_in_link(command_settings())
    if link is None:
        errors.print("Error: TTA_AUTH_SECRET_KEY: is not set, and no `tta-analytics up` made one in TTA_DATA_DIR")
        raise typer.Exit(2)
    print(link)


def sign_in_link(settings: CommandSettings) -> str | None:
    """Return a link to the gateway's pages on this machine; none where there is no secret to make one with."""
    if settings.auth_secret_key is None:
        return None
    code = make_code(settings.secret("auth_secret_key"), name="operator", role="admin", now=time.time())
    return f"http://localhost:{os.environ.get('TTA_GATEWAY_PORT') or '8098'}/sign-in?code={code}"


def check() -> None:
    """Check the settings and whether every service can be reached; exit code 1 where one cannot.

    Example: TTA_AGGREGATION_TARGET=dns:///aggregation:50095 tta-analytics check
    """
    settings = command_settings()
    states = asyncio.run(_states(settings))
    table = Table("service", "target", "state")
    for name, state in states.items():
        table.add_row(name, settings.target(name), state)
    console.print(table)
    if set(states.values()) != {"serving"}:
        raise typer.Exit(1)


async def _states(settings: CommandSettings) -> dict[str, str]:
    async with open_client(settings) as client:
        return dict(zip(SERVICES, await asyncio.gather(*(_state(client, name) for name in SERVICES)), strict=True))


async def _state(client: AsyncClient, name: str) -> str:
    channel = client.connect(name)
    try:
        stub: Any = health_pb2_grpc.HealthStub(channel)
        answer = await stub.Check(health_pb2.HealthCheckRequest(service=f"{name}-readiness"), timeout=5)
    except grpc.RpcError as error:
        return f"{error.code().name.lower()}: {error.details()}"
    finally:
        await channel.close()
    return "serving" if answer.status == health_pb2.HealthCheckResponse.SERVING else "not serving"

"""What every command that calls a service shares: settings, a client, one line per error."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import grpc
import typer
from rich.console import Console

from mesh.refusal import Refusal, Unavailable
from tta_analytics.client.connection import AsyncClient
from tta_analytics.client.refusals import refusal_of
from tta_analytics.importing.rows import UnreadableFile
from tta_analytics.settings import CommandSettings, command_settings

console = Console()
errors = Console(stderr=True, highlight=False)

_R = TypeVar("_R")


def open_client(settings: CommandSettings) -> AsyncClient:
    """Return a client that carries the command line's token, made anew for each call where there is a secret."""
    return AsyncClient(settings, token=lambda: settings.bearer() or "")


def run(command: Callable[[CommandSettings], Awaitable[_R]]) -> _R:
    """Run a command to its end; a refusal, or a file that cannot be read or written, is one line and exit code 1."""
    settings = command_settings()
    try:
        return asyncio.run(_await(command, settings))
    except grpc.RpcError as error:
        failure: Exception = refusal_of(error)
    except (Refusal, UnreadableFile) as error:
        failure = error
    except OSError as error:
        if error.strerror is None:
            raise
        failure = UnreadableFile(f"{error.filename}: {error.strerror}" if error.filename else error.strerror)
    except KeyboardInterrupt:
        errors.print("Stopped. The same command goes on where it was.")
        raise typer.Exit(130) from None
    errors.print(f"Error: {_describe(failure)}", style="bold red")
    raise typer.Exit(1)


async def _await(command: Callable[[CommandSettings], Awaitable[_R]], settings: CommandSettings) -> _R:
    return await command(settings)


def _describe(failure: Exception) -> str:
    if isinstance(failure, Unavailable) and failure.reason == "unavailable":  # gRPC's own words, not a service's
        return f"A service does not answer; `tta-analytics check` tells which. ({failure.message})"
    lines = [str(failure)]
    if isinstance(failure, Refusal):
        lines += [f"  {violation.field}: {violation.description}" for violation in failure.violations]
    return "\n".join(lines)

"""`up`: the whole platform in one process tree on SQLite."""

import asyncio
import contextlib
import fcntl
import os
import socket
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from tta_analytics.commands.access import sign_in_link
from tta_analytics.commands.services import migrate
from tta_analytics.commands.session import console, errors
from tta_analytics.demo import FOCUS_NAMES, load_demo
from tta_analytics.secrets_folder import secret_files
from tta_analytics.settings import CommandSettings, command_settings
from tta_analytics.supervisor import Process, StartFailed, Supervisor


def up(
    data_dir: Annotated[
        Path, typer.Option(envvar="TTA_DATA_DIR", help="Where databases, secrets, reports and logs are kept.")
    ] = Path(".tta-analytics"),
    demo: Annotated[bool, typer.Option("--demo", help="Load a simulated population, and say so.")] = False,
) -> None:
    """Start aggregation, monitoring, reporting and the gateway, and keep them running until Ctrl-C.

    Example: tta-analytics up --demo
    Example: tta-analytics up --data-dir /var/lib/tta-analytics
    """
    folder = data_dir.absolute()
    try:
        secrets = _secrets(folder)
    except OSError as error:
        errors.print(
            f"Error: nothing can be kept in {folder} ({error.strerror}); choose another --data-dir", style="bold red"
        )
        raise typer.Exit(2) from None
    os.environ.update({"TTA_DATA_DIR": str(folder), **secrets})
    os.environ.setdefault("TTA_GATEWAY_LEGACY_PORTS", "8095,8096,8097")
    if demo:
        os.environ.setdefault("TTA_FOCUS_NAMES", FOCUS_NAMES)
    settings = command_settings()
    try:
        _refuse_taken_ports(settings)
        with _one_at_a_time(folder):
            migrate()
            asyncio.run(_up(settings, folder, demo))
    except StartFailed as error:
        errors.print(f"Error: {error}", style="bold red")
        raise typer.Exit(1) from None


async def _up(settings: CommandSettings, folder: Path, demo: bool) -> None:
    supervisor = Supervisor({}, folder / "logs", errors.print)
    processes = _processes(settings)
    console.print(f"Starting on {folder} ...")
    for process in processes:
        supervisor.start(process)
    running = asyncio.create_task(supervisor.run())
    try:
        await _first(running, _all_ready(supervisor, processes))
        if running.done():
            return
        port = os.environ.get("TTA_GATEWAY_PORT") or "8098"
        console.print(f"Pages and REST   http://localhost:{port}/   (API description: /docs)")
        console.print(f"Sign in once     {sign_in_link(settings)}", soft_wrap=True)
        console.print("                 The link is good for five minutes; `tta-analytics sign-in` makes another.")
        if demo:
            await _first(running, load_demo(settings, console))
        console.print("Ready. Ctrl-C stops everything.")
        await running
    finally:
        await supervisor.stop()


async def _all_ready(supervisor: Supervisor, processes: list[Process]) -> None:
    await asyncio.gather(*(supervisor.wait_ready(process) for process in processes))


async def _first(running: asyncio.Task[None], work: Coroutine[Any, Any, None]) -> None:
    """Do some work unless the tree is stopped meanwhile."""
    task = asyncio.create_task(work)
    await asyncio.wait({running, task}, return_when=asyncio.FIRST_COMPLETED)
    if task.done():
        task.result()
    else:
        task.cancel()


def _processes(settings: CommandSettings) -> list[Process]:
    ports = {
        "aggregation": ("aggregation_svc", settings.aggregation_http_port),
        "monitoring": ("monitoring_svc", settings.monitoring_http_port),
        "reporting": ("reporting_svc", settings.reporting_http_port),
        "gateway": ("gateway", settings.gateway_http_port),
    }
    return [Process(name, module, f"http://127.0.0.1:{port}/readyz") for name, (module, port) in ports.items()]


def _secrets(folder: Path) -> dict[str, str]:
    made = secret_files(folder)
    return {
        variable: path
        for variable, path in made.items()
        if not (os.environ.get(variable) or os.environ.get(variable.removesuffix("_FILE")))
    }


def _refuse_taken_ports(settings: CommandSettings) -> None:
    for name in ("aggregation", "monitoring", "reporting"):
        for variable in (f"{name}_port", f"{name}_http_port"):
            port = getattr(settings, variable)
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    raise StartFailed(f"port {port} is taken; free it or set TTA_{variable.upper()} to another")


@contextlib.contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    """Hold the data folder, so that two trees never write the same files."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / "up.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StartFailed(
                f"another `tta-analytics up` runs on {folder}; stop it or choose another --data-dir"
            ) from None
        yield

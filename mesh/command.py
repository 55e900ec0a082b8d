"""The command line of a process: `python -m <package> [serve [--workers N] | migrate [REVISION] | ...]`."""

import sys
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from mesh import migrations
from mesh.process import end_with_parent, run
from mesh.settings import Settings, load
from mesh.worker_processes import Shared, serve_workers, workers_of

_S = TypeVar("_S", bound=Settings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Process(Generic[_S]):
    """What is behind the commands of one process."""

    package: str
    """`aggregation_svc`"""
    name: str
    """`aggregation`"""
    settings: type[_S]
    serve: Callable[[_S], Coroutine[Any, Any, None]]
    """Serves until told to stop."""
    ports: Callable[[_S], Mapping[str, int]]
    """Ports that workers share, by setting."""
    needs_bus: bool
    """Whether workers wake each other over Redis."""
    alike: Callable[[_S], Mapping[str, str]] = lambda _: {}
    """Settings that are not set and that each worker would make up for itself, made up once for all."""
    has_tables: bool = True
    others: Mapping[str, Callable[[list[str]], int]] = field(default_factory=dict)
    """Commands of its own: what follows their name -> exit code."""

    def main(self, arguments: Sequence[str]) -> None:
        """Run one command. Exit code 2 with one line where it is not known or a setting is wrong."""
        match list(arguments):
            case [] | ["serve"]:
                run(self._serve())
            case ["serve", *_] if workers := workers_of(arguments):
                raise SystemExit(run(self._serve_by(workers)))
            case ["migrate", *revision] if self.has_tables and len(revision) < 2:
                run(self._migrate(*revision))
            case [other, *rest] if other in self.others:
                raise SystemExit(self.others[other](rest))
            case _:
                sys.stderr.write(f"usage: python -m {self.package} [{self._usage()}]\n")
                raise SystemExit(2)

    async def _serve(self) -> None:
        settings = load(self.settings)
        if settings.port_shared:
            end_with_parent()
        await self.serve(settings)

    async def _serve_by(self, workers: int) -> int:
        settings = load(self.settings)
        ports, alike = self.ports(settings), self.alike(settings)
        shared = Shared(self.package, self.name, ports, needs_bus=self.needs_bus, alike=alike)
        return await serve_workers(shared, settings, workers)

    async def _migrate(self, revision: str = "head") -> None:
        """Bring the tables to a revision, forwards or back: `head` is the newest, `base` removes every table."""
        await migrations.move(load(self.settings).database(self.name), self.package, revision)

    def _usage(self) -> str:
        tables = ["migrate [REVISION]"] if self.has_tables else []
        return " | ".join(["serve [--workers N]", *tables, *(f"{other} ..." for other in self.others)])

"""`import sessions|progress|outcomes FILE`: a file of facts into the aggregation service."""

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from tta.analytics.v1 import ingestion_pb2

from tta_analytics.client.ingest import KINDS
from tta_analytics.commands.session import console, errors, open_client, run
from tta_analytics.importing.checkpoint import Checkpoint
from tta_analytics.importing.records import RecordParser
from tta_analytics.importing.rows import UnreadableFile, count_lines
from tta_analytics.importing.run import Import, Report, check_columns
from tta_analytics.importing.send import Sender
from tta_analytics.settings import CommandSettings

app = typer.Typer(no_args_is_help=True, help="Bring in files of facts, and what TTA's other stores hold.")


class Consent(StrEnum):
    """How the sender knows that the players consented."""

    REQUIRED = "required"
    ASSERTED = "asserted"


BASES = {
    Consent.REQUIRED: ingestion_pb2.CONSENT_BASIS_REQUIRED,
    Consent.ASSERTED: ingestion_pb2.CONSENT_BASIS_ASSERTED,
}

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help=".csv, .jsonl or .parquet")]
Map = Annotated[list[str] | None, typer.Option("--map", help="field=column, once per field whose column differs.")]
Basis = Annotated[
    Consent,
    typer.Option(help="required: each player's standing consent decides. asserted: you vouch (admin, audited)."),
]
Rejects = Annotated[Path | None, typer.Option(help="Where to list rejected lines; FILE.rejects.csv when left out.")]


@app.command()
def sessions(file: File, mapping: Map = None, consent: Basis = Consent.REQUIRED, rejects: Rejects = None) -> None:
    """Import sessions. A killed import goes on where it was; the same file again changes nothing.

    Example: tta-analytics import sessions log.csv --map started_at=session_start --map therapeutic_focus=module
    """
    _import("sessions", file, mapping, consent, rejects)


@app.command()
def progress(file: File, mapping: Map = None, consent: Basis = Consent.REQUIRED, rejects: Rejects = None) -> None:
    """Import progress snapshots.

    Example: tta-analytics import progress progress.parquet --consent asserted
    """
    _import("progress", file, mapping, consent, rejects)


@app.command()
def outcomes(file: File, mapping: Map = None, consent: Basis = Consent.REQUIRED, rejects: Rejects = None) -> None:
    """Import outcomes.

    Example: tta-analytics import outcomes phq9.jsonl --map score=phq9_total
    """
    _import("outcomes", file, mapping, consent, rejects)


def _import(kind: str, file: Path, mapping: list[str] | None, consent: Consent, rejects: Path | None) -> None:
    async def command(settings: CommandSettings) -> Report:
        columns = columns_of(mapping or [])
        fact = KINDS[kind].record
        check_columns(file, RecordParser.field_names(fact), columns)
        parser = RecordParser(fact, columns)
        target = settings.target("aggregation")
        listed = rejects or file.with_name(f"{file.name}.rejects.csv")
        command = (kind, columns, target, consent, str(listed.resolve()))
        checkpoint = Checkpoint(settings.data_dir / "imports", file, *command)
        async with open_client(settings) as client:
            sender = Sender(client.ingest(kind, consent=BASES[consent]), parser.column)
            work = Import(parser, sender, checkpoint, listed)
            with _bar() as bar:
                task = bar.add_task(file.name, total=count_lines(file))
                return await work.run(file, lambda line: bar.update(task, completed=line))

    started = datetime.now().astimezone()
    report = run(command)
    done = report.progress
    seconds = (datetime.now().astimezone() - started).total_seconds()
    console.print(
        f"{done.accepted:,} stored, {done.unchanged:,} unchanged, {done.refused:,} without consent, "
        f"{done.rejected:,} lines rejected; {seconds:.1f} s"
    )
    if report.rejects_file:
        errors.print(f"Rejected lines, with column and reason: {report.rejects_file}")
        raise typer.Exit(3)


def columns_of(mapping: list[str]) -> dict[str, str]:
    """Return the column of each field that `--map` names.

    Raises:
        UnreadableFile: One of them is not written as it should be.
    """
    pairs = [item.partition("=") for item in mapping]
    for field, equals, column in pairs:
        if not (field and equals and column):
            raise UnreadableFile(f"--map {field}: write it as field=column")
    return {field: column for field, _, column in pairs}


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=errors
    )

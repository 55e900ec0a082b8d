"""`python -m aggregation_svc export facts`: facts as Parquet files, a month a folder; or a look whether they hold."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from aggregation_svc.adapters.fact_exports import COMMAND, ELSEWHERE, FactExports
from aggregation_svc.adapters.tables import privacy_audit_log
from aggregation_svc.domain.periods import Grain, Period
from aggregation_svc.settings import AggregationSettings
from mesh.audit import AuditLog
from mesh.database import Database
from mesh.refusal import FailedPrecondition
from mesh.settings import load


def _month(text: str) -> Period:
    try:
        return Period(datetime.strptime(text, "%Y-%m").replace(tzinfo=UTC), Grain.MONTH)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no month; write 2026-09") from error


_PARSER = argparse.ArgumentParser("tta-analytics export", description=__doc__)
_PARSER.add_argument("what", choices=["facts"])
_PARSER.add_argument("--folder", type=Path, help="Where the files are; not given: TTA_EXPORT_FOLDER.")
_PARSER.add_argument(
    "--month",
    type=_month,
    action="append",
    help="Write this month, 2026-09, and no other; may be repeated. Not given: every month that holds facts, the one "
    "that is not over too.",
)
_PARSER.add_argument("--verify", action="store_true", help="Write nothing; compare counts, checksums and the database.")


async def export(arguments: list[str]) -> int:
    """Bring the exports to what the database holds, or verify them; return the exit code: 1 where they do not hold.

    Raises:
        SettingError: no folder is given or set.
        FailedPrecondition: the disk is full, or the folder is not ours to write; what stood there before stands.
    """
    asked = _PARSER.parse_args(arguments)
    settings = load(AggregationSettings)
    folder = asked.folder or settings.required_exports()
    database = Database(settings.database("aggregation"))
    audit = AuditLog(privacy_audit_log, settings.secret("audit_key"))
    own = settings.export_folder or settings.data_dir / "exports" / "facts"
    actor = COMMAND if folder.resolve() == own.resolve() else ELSEWHERE
    exports = FactExports(database, audit, folder, actor)
    try:
        faulty = False
        for month in sorted(set(asked.month)) if asked.month else await exports.months():
            if asked.verify:
                faults = await exports.verify(month)
                sys.stdout.write("".join(f"{line}\n" for line in faults) or f"{month.start:%Y-%m} holds\n")
                faulty = faulty or bool(faults)
            else:
                sys.stdout.write(await _refreshed(exports, month))
        return int(faulty)
    except OSError as error:
        raise FailedPrecondition(
            "export_failed", f"The exports in {folder} cannot be written or read: {error}"
        ) from error
    finally:
        await database.close()


async def _refreshed(exports: FactExports, month: Period) -> str:
    manifest, written = await exports.refresh(month)
    rows = ", ".join(f"{kind} {found.rows}" for kind, found in manifest.facts.items())
    return f"{manifest.month} {'written' if written else 'unchanged'}: {rows}\n"

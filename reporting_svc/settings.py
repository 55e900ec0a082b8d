"""Settings of the reporting process."""

from datetime import timedelta
from pathlib import Path
from typing import Literal

from pydantic import Field

from mesh.settings import Duration, Settings


class ReportingSettings(Settings):
    """What reporting adds to the settings of every process."""

    report_workers: int = Field(
        default=2, ge=1, le=64, description="Reports made at the same time; each in a worker process of its own."
    )
    report_queue: int = Field(default=1000, ge=1, description="Reports that may wait; more are refused.")
    report_kept: Duration = Field(default=timedelta(days=30), description="How long reports and their files are kept.")
    report_lease: Duration = Field(
        default=timedelta(seconds=15), description="After so long without a sign of life another worker takes a report."
    )
    report_attempts: int = Field(default=3, ge=1, le=20, description="How often a report is tried at most.")
    report_files: Literal["auto", "folder", "database"] = Field(
        default="auto",
        description="Where files of reports are kept: `folder` is `reports` in `TTA_DATA_DIR`, which all replicas must "
        "share; `database` needs no shared folder; `auto` is `database` on PostgreSQL, else `folder`.",
    )
    report_theme: Path | None = Field(
        default=None, description="JSON file with an organisation's name, logo, colours and wording for reports."
    )

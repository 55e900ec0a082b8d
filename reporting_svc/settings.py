"""Settings of the reporting process."""

from datetime import timedelta
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr

from mesh.setting_types import Duration
from mesh.settings import Settings


class ReportingSettings(Settings):
    """What reporting adds to the settings of every process."""

    report_workers: int = Field(
        default=2, ge=1, le=64, description="Reports made at the same time; each in a worker process of its own."
    )
    report_queue: int = Field(default=1000, ge=1, description="Reports that may wait; more are refused.")
    report_kept: Duration = Field(default=timedelta(days=30), description="How long reports and their files are kept.")
    schedule_runs_kept: Duration = Field(
        default=timedelta(days=30), description="How long runs of schedules are kept after they ended."
    )
    report_lease: Duration = Field(
        default=timedelta(seconds=15), description="After so long without a sign of life another worker takes a report."
    )
    report_attempts: int = Field(default=3, ge=1, le=20, description="How often a report is tried at most.")
    report_files: Literal["auto", "folder", "database", "bucket"] = Field(
        default="auto",
        description="Where files of reports are kept: `folder` is `reports` in `TTA_DATA_DIR`, which all replicas must "
        "share; `database` needs no shared folder; `bucket` is an S3 object store; `auto` is `database` on PostgreSQL, "
        "else `folder`.",
    )
    report_bucket: str = Field(
        default="",
        pattern=r"^([a-z0-9][a-z0-9.-]*(/[A-Za-z0-9][A-Za-z0-9._/-]*)?)?$",
        description="Bucket of the object store, with a prefix where wanted: `tta-reports` or `shared/tta-reports`.",
    )
    report_bucket_endpoint: str | None = Field(
        default=None, description="Address of an object store that is not Amazon's; https, but for loopback."
    )
    report_bucket_region: str = Field(default="us-east-1", description="Region of the bucket.")
    report_bucket_key_id: str | None = Field(
        default=None,
        description="Access key of the object store; not set: `AWS_*` variables, or the role of the machine.",
    )
    report_bucket_secret: SecretStr | None = Field(default=None, description="Secret of that access key.")
    report_theme: Path | None = Field(
        default=None, description="JSON file with an organisation's name, logo, colours and wording for reports."
    )

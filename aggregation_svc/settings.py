"""Settings of the aggregation process."""

import re
import unicodedata
from datetime import timedelta
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator

from aggregation_svc.domain.facts import LONGEST_NAME
from mesh.setting_types import Duration, Names
from mesh.settings import SettingError, Settings


class AggregationSettings(Settings):
    """What the aggregation process reads beside the settings that all share."""

    focus_names: Names = Field(
        default=(),
        description="Therapeutic focus names that are public, separated by commas: a release shows each, empty or not. "
        "Other names must first pass a private selection.",
    )
    min_cohort: int = Field(
        default=20, ge=0, le=100_000, description="A cell whose noisy count of players is below this is hidden."
    )
    epsilon_budget: float = Field(
        default=12.0, gt=0, le=100, description="Privacy loss (epsilon) that may be spent in any 365 days."
    )
    period_grace: Duration = Field(
        default=timedelta(hours=48), description="How long after its end a period stays open for late facts."
    )
    retention_weeks: int = Field(
        default=8, ge=1, le=52, description="Weeks since the first session that retention looks at."
    )
    legacy_consent: Literal["required", "asserted"] = Field(
        default="required",
        description="`asserted` lets every sender of facts vouch for players who never decided; each use is audited.",
    )
    facts_term: Duration = Field(
        default=timedelta(days=730), ge=timedelta(days=31), description="How long facts are kept after they arrived."
    )
    consent_history_term: Duration = Field(
        default=timedelta(days=3650),
        ge=timedelta(days=365),
        description="How long superseded consent decisions are kept.",
    )
    audit_term: Duration = Field(
        default=timedelta(days=3650), ge=timedelta(days=365), description="How long audit entries are kept."
    )
    retention_every: Duration = Field(
        default=timedelta(hours=24),
        ge=timedelta(minutes=1),
        description="How often what has outlived its term is removed.",
    )
    model_stale_term: Duration = Field(
        default=timedelta(days=14),
        ge=timedelta(hours=1),
        description="How long a model still answers after a player it learned from was erased or withdrew; until then "
        "it is retrained, or it is retired.",
    )
    model_watch_every: Duration = Field(
        default=timedelta(hours=1),
        ge=timedelta(minutes=1),
        description="How often models are compared with the players of today, and stale ones retrained or retired.",
    )
    rights_services: Names = Field(
        default=("monitoring", "reporting"),
        description="Services that erasure and export reach beside aggregation, separated by commas.",
    )
    database_read_url: str | None = Field(
        default=None,
        repr=False,
        description="A PostgreSQL standby (streaming replication) that stored releases are read from, written like "
        "`TTA_DATABASE_URL`. What it does not hold yet, and all while it is away, is read from the primary.",
    )
    ingest_queue: int = Field(
        default=100_000,
        ge=1000,
        le=10_000_000,
        description="Facts of all senders that may wait to be stored, about 1 KB each, and as many again of inline "
        "batches that wait for their answer; more are refused with RESOURCE_EXHAUSTED and a hint when to come again.",
    )
    release_engine: Literal["database", "spark"] = Field(
        default="database",
        description="What computes the bounded sums of a release: the database, or Apache Spark over exports of the "
        "facts, with equal results before noise. Spark needs the extra `spark` and Java 17.",
    )
    spark_master: str = Field(
        default="local[*]", description="Where Spark runs: `local[2]`, `spark://host:7077`, `k8s://...`."
    )
    export_folder: Path | None = Field(
        default=None,
        description="Folder of exported facts: one for all replicas, which Spark's workers see too. Not set: in "
        "`TTA_DATA_DIR` on SQLite; on PostgreSQL nothing is exported, and `TTA_RELEASE_ENGINE=spark` is refused.",
    )
    export_refresh_every: Duration = Field(
        default=timedelta(days=1),
        ge=timedelta(minutes=1),
        description="How often months that were exported are compared with the database, and written again where facts "
        "have come, been withdrawn or gone. An erasure has them compared at once.",
    )

    def exports(self) -> Path | None:
        """Return the folder of exported facts, the same one for every replica.

        None on PostgreSQL, which many replicas share, where none is set: each would have a folder of its own, and an
        erasure that is asked of one would not reach the files of another. On SQLite all processes share `data_dir`.

        Raises:
            SettingError: none is set, and `data_dir` holds exports from before there had to be one.
        """
        own = self.data_dir / "exports" / "facts"
        if self.export_folder is not None or not self.database("aggregation").startswith("postgres"):
            return self.export_folder or own
        if any(own.glob("*")):
            raise SettingError(
                "TTA_EXPORT_FOLDER", f"is not set, but {own} holds facts; move it to where every replica sees it"
            )
        return None

    def required_exports(self) -> Path:
        """Return the folder of exported facts; raises SettingError where there is none."""
        folder = self.exports()
        if folder is None:
            raise SettingError(
                "TTA_EXPORT_FOLDER", "is not set; on PostgreSQL name one folder that every replica and Spark see"
            )
        return folder

    @field_validator("database_read_url")
    @classmethod
    def _is_postgresql(cls, value: str | None) -> str | None:
        if value is not None and not re.match(r"postgres(ql)?(\+\w+)?://", value):
            raise ValueError("is no PostgreSQL address; write postgresql://user:password@standby:port/name")
        return value

    @field_validator("focus_names")
    @classmethod
    def _written_as_facts_are(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        """Write names as facts are stored; one that no fact can have would be an empty cell for ever."""
        names = tuple(unicodedata.normalize("NFC", name) for name in names)
        if any(len(name) > LONGEST_NAME or not name.isprintable() for name in names):
            raise ValueError(f"holds a name that is longer than {LONGEST_NAME} characters or not printable")
        return names

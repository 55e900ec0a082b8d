"""Settings of the aggregation process."""

import unicodedata
from pathlib import Path

import pytest
from pydantic import ValidationError

from aggregation_svc.domain.facts import name
from aggregation_svc.settings import AggregationSettings
from mesh.settings import SettingError


def test_declared_names_are_those_of_facts_however_they_were_typed() -> None:
    typed = unicodedata.normalize("NFD", "Schlafst\u00f6rung")
    settings = AggregationSettings.model_validate({"focus_names": f" {typed} , anxiety"})
    assert settings.focus_names == (name(typed), "anxiety")


@pytest.mark.parametrize("names", ["x" * 129, "a\0b"])
def test_a_name_that_no_fact_can_have_is_refused_at_the_start(names: str) -> None:
    with pytest.raises(ValidationError):
        AggregationSettings.model_validate({"focus_names": names})


def settings_of(url: str, tmp_path: Path, **more: object) -> AggregationSettings:
    return AggregationSettings.model_validate({"database_url": url, "data_dir": tmp_path, **more})


def test_on_sqlite_exports_lie_beside_the_database(tmp_path: Path) -> None:
    assert settings_of("sqlite:///here.db", tmp_path).exports() == tmp_path / "exports" / "facts"


def test_on_postgresql_replicas_must_be_told_of_one_folder(tmp_path: Path) -> None:
    settings = settings_of("postgresql://there/analytics", tmp_path)
    assert settings.exports() is None
    with pytest.raises(SettingError, match=r"^TTA_EXPORT_FOLDER: is not set; on PostgreSQL name one folder"):
        settings.required_exports()
    told = settings_of("postgresql://there/analytics", tmp_path, export_folder=tmp_path / "shared")
    assert told.exports() == told.required_exports() == tmp_path / "shared"


def test_exports_that_one_replica_made_for_itself_are_not_forgotten(tmp_path: Path) -> None:
    own = tmp_path / "exports" / "facts"
    (own / "2026-09").mkdir(parents=True)
    with pytest.raises(SettingError, match=f"^TTA_EXPORT_FOLDER: is not set, but {own} holds facts"):
        settings_of("postgresql://there/analytics", tmp_path).exports()

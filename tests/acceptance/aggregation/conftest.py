"""The aggregation process on a fresh SQLite store."""

import secrets
from pathlib import Path

import pytest

from aggregation_svc.settings import AggregationSettings


@pytest.fixture
def sqlite_settings(tmp_path: Path) -> AggregationSettings:
    """Settings with keys of their own, on free ports."""
    return AggregationSettings(
        database_url=f"sqlite:///{tmp_path / 'aggregation.db'}",
        auth_secret_key=secrets.token_hex(32),
        pseudonym_key=secrets.token_hex(32),
        seal_key=secrets.token_hex(32),
        audit_key=secrets.token_hex(32),
        aggregation_port=0,
        aggregation_http_port=0,
        bind="127.0.0.1",
    )

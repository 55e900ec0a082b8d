"""Addresses of TTA's stores are refused when they are read, in words, and never quoted: they may hold a password."""

from pathlib import Path

import pytest

from tta_analytics.settings import command_settings


@pytest.fixture(autouse=True)
def _nothing_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TTA_DATA_DIR", str(tmp_path))


@pytest.mark.parametrize(
    ("variable", "address"),
    [
        ("TTA_NEO4J_URI", "neo4j:7687"),
        ("TTA_NEO4J_URI", "http://neo4j:7474"),
        ("TTA_NEO4J_URI", "bolt:///graph"),
        ("TTA_NEO4J_URI", "bolt://neo4j:port"),
        ("TTA_GAME_REDIS_URL", "redis:6379"),
        ("TTA_GAME_REDIS_URL", "redis://:pass/word@redis:6379"),
        ("TTA_PROMETHEUS_URL", "prometheus:9091"),
        ("TTA_PROMETHEUS_URL", "https://prometheus:99999"),
        ("TTA_PROMETHEUS_URL", "https://[::1"),
    ],
)
def test_a_wrong_address_is_one_line_that_says_how_to_write_it(
    variable: str, address: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(variable, address)
    with pytest.raises(SystemExit) as stopped:
        command_settings()
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"{variable}: is no address; write ")
    assert address not in line
    assert stopped.value.code == 2


@pytest.mark.parametrize(
    ("variable", "address"),
    [
        ("TTA_NEO4J_URI", "neo4j+s://graph.example.org"),
        ("TTA_GAME_REDIS_URL", "rediss://user:password@redis:6379/0?health_check_interval=5"),
        ("TTA_PROMETHEUS_URL", "http://[::1]:9091/prefix"),
    ],
)
def test_a_good_address_is_taken(variable: str, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, address)
    assert getattr(command_settings(), variable.removeprefix("TTA_").lower()) == address

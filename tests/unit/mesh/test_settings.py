from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import Field

from mesh.setting_types import Duration, Names, parse_keys
from mesh.settings import SettingError, Settings, load
from mesh.tokens import shared_key

SECRET = "a secret that is long enough for everything"


class SampleSettings(Settings):
    names: Names = Field(default=(), description="Some names.")
    grace: Duration = Field(default=timedelta(hours=48), description="Some time.")


def refused(capsys):
    with pytest.raises(SystemExit) as stop:
        load(SampleSettings)
    assert stop.value.code == 2
    return capsys.readouterr().err.splitlines()


def test_without_any_variable_the_defaults_hold():
    settings = load(SampleSettings)
    assert (settings.auth, settings.aggregation_port, settings.grace) == ("on", 50095, timedelta(hours=48))


def test_variables_of_the_environment_are_read(monkeypatch):
    monkeypatch.setenv("TTA_NAMES", "anxiety, grief,")
    monkeypatch.setenv("TTA_GRACE", "200ms")
    monkeypatch.setenv("TTA_MONITORING_PORT", "6000")
    settings = load(SampleSettings)
    assert settings.names == ("anxiety", "grief")
    assert settings.grace == timedelta(milliseconds=200)
    assert settings.target("monitoring") == "127.0.0.1:6000"


@pytest.mark.parametrize(
    ("text", "expected"), [("48h", 172800), ("7d", 604800), ("1.5 s", 1.5), ("15min", 900), ("2", 2)]
)
def test_durations_are_written_with_their_unit(monkeypatch, text, expected):
    monkeypatch.setenv("TTA_GRACE", text)
    assert load(SampleSettings).grace == timedelta(seconds=expected)


def test_each_wrong_value_is_one_line_that_names_the_variable_and_what_would_be_right(monkeypatch, capsys):
    monkeypatch.setenv("TTA_AUTH", "maybe")
    monkeypatch.setenv("TTA_GRACE", "soon")
    monkeypatch.setenv("TTA_MONITORING_PORT", "99999")
    monkeypatch.setenv("TTA_AUTH_SECRET_KEY", "short")
    lines = refused(capsys)
    assert len(lines) == 4
    assert "TTA_AUTH: Input should be 'on' or 'off'" in lines
    assert any(line.startswith("TTA_GRACE: is no duration; write") for line in lines)
    assert any(line.startswith("TTA_MONITORING_PORT: ") and "65535" in line for line in lines)
    assert any(line.startswith("TTA_AUTH_SECRET_KEY: is shorter than 32 bytes") for line in lines)
    assert not any("short" in line.partition("is shorter")[2].partition("32")[2] for line in lines)


def test_a_secret_may_lie_in_a_file(monkeypatch, tmp_path):
    file = tmp_path / "secret"
    file.write_text(f"{SECRET}\n")
    monkeypatch.setenv("TTA_AUDIT_KEY_FILE", str(file))
    assert load(Settings).secret("audit_key") == SECRET.encode()


def test_a_secret_given_twice_is_refused(monkeypatch, capsys):
    monkeypatch.setenv("TTA_AUDIT_KEY", SECRET)
    monkeypatch.setenv("TTA_AUDIT_KEY_FILE", "/nowhere")
    assert refused(capsys) == ["TTA_AUDIT_KEY: is set twice, here and in TTA_AUDIT_KEY_FILE; keep one"]


def test_a_file_that_is_not_there_is_named(monkeypatch, capsys):
    monkeypatch.setenv("TTA_AUDIT_KEY_FILE", "/nowhere")
    [line] = refused(capsys)
    assert line.startswith("TTA_AUDIT_KEY_FILE: can't be read")


def test_the_older_name_of_the_token_secret_is_read(monkeypatch):
    monkeypatch.setenv("JWT_SECRET_KEY", SECRET)
    assert load(Settings).secret("auth_secret_key") == SECRET.encode()


def test_a_missing_secret_says_how_to_make_one():
    with pytest.raises(SettingError, match="TTA_AUDIT_KEY: is not set; make one with"):
        Settings().secret("audit_key")


def test_secrets_are_not_shown():
    shown = repr(Settings(auth_secret_key=SECRET, database_url="postgresql://u:hidden@h/d"))
    assert SECRET not in shown
    assert "hidden" not in shown


def test_keys_carry_versions_and_the_highest_is_active():
    settings = Settings(pseudonym_key=f"1:{'a' * 32}, 12:{'b' * 32}")
    assert settings.keys("pseudonym_key") == ({1: b"a" * 32, 12: b"b" * 32}, 12)
    assert Settings(pseudonym_key=SECRET).keys("pseudonym_key") == ({1: SECRET.encode()}, 1)


def test_a_star_keeps_a_version_active_while_a_higher_one_becomes_known():
    settings = Settings(seal_key=f"1*:{'a' * 32},2:{'b' * 32}")
    assert settings.keys("seal_key") == ({1: b"a" * 32, 2: b"b" * 32}, 1)


def test_replicas_agree_on_page_tokens_while_keys_rotate():
    steps = [f"1:{SECRET}", f"1*:{SECRET},2:{'b' * 32}", f"1:{SECRET},2:{'b' * 32}", f"2:{'b' * 32}"]
    keys = {shared_key(Settings(pseudonym_key=step, audit_key="a" * 32), "page tokens") for step in steps}
    assert len(keys) == 1


@pytest.mark.parametrize(
    "text",
    ["1:short", f"0:{'a' * 32}", f"256:{'a' * 32}", f"1:{'a' * 32},1:{'b' * 32}", f"1*:{'a' * 32},2*:{'b' * 32}", ""],
)
def test_wrong_keys_are_refused_without_quoting_them(text):
    with pytest.raises(ValueError, match=r"^has") as error:
        parse_keys(text)
    assert "aaa" not in str(error.value)


def test_keys_of_tokens_are_not_fetched_in_the_clear(monkeypatch, capsys):
    monkeypatch.setenv("TTA_AUTH_JWKS_URL", "http://keys.example/jwks")
    assert refused(capsys)[0].startswith("TTA_AUTH_JWKS_URL: is neither https nor loopback")
    monkeypatch.setenv("TTA_AUTH_JWKS_URL", "http://127.0.0.1:8000/jwks")
    load(Settings)


def test_each_service_has_its_own_sqlite_file_unless_a_database_is_set(tmp_path):
    assert Settings(data_dir=tmp_path).database("monitoring") == f"sqlite:///{tmp_path}/monitoring.db"
    assert Settings(database_url="postgresql://h/d").database("monitoring") == "postgresql://h/d"


def test_without_authentication_only_loopback_is_bound_unless_told_otherwise():
    assert Settings(auth="off").address() == "127.0.0.1"
    assert Settings(auth="off", auth_off_bind="10.0.0.1").address() == "10.0.0.1"
    assert Settings(auth="on", bind="10.0.0.2").address() == "10.0.0.2"


def test_every_setting_is_described():
    undescribed = [name for name, field in Settings.model_fields.items() if not field.description]
    assert undescribed == []
    assert isinstance(Settings().data_dir, Path)

"""Whoever asks a benchmark for help, or for something it has not, is told what there is."""

from pathlib import Path

import pytest

from benchmarks.asked import command_line

ROOT = Path(__file__).parents[3]
COMMANDS = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__main__"): path
    for path in sorted((ROOT / "benchmarks").rglob("*.py"))
    if "__main__" in path.read_text(encoding="utf-8")
}


@pytest.mark.parametrize("module", COMMANDS)
def test_every_command_understands_help_under_its_own_name(module: str) -> None:
    assert f'command_line("{module}", __doc__' in COMMANDS[module].read_text(encoding="utf-8")


def test_help_names_the_parts_and_runs_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        command_line("benchmarks.tea", "How long tea takes.", ("green", "black")).parse_args(["--help"])
    told = capsys.readouterr().out
    assert ended.value.code == 0
    assert "python -m benchmarks.tea" in told
    assert "How long tea takes." in told
    assert "green, black" in told


def test_a_part_that_there_is_not_is_refused_with_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        command_line("benchmarks.tea", "How long tea takes.", ("green", "black")).parse_args(["green", "white"])
    assert ended.value.code == 2
    assert "there is no white; there are green, black" in capsys.readouterr().err


@pytest.mark.parametrize("chosen", [[], ["black"], ["black", "green"]])
def test_parts_are_taken_in_the_order_they_are_asked_for(chosen: list[str]) -> None:
    assert command_line("benchmarks.tea", None, ("green", "black")).parse_args(chosen).parts == chosen

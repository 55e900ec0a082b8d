"""No figure of a rule can be changed without a unit test of promtool that fails: each is changed, one at a time."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from tests.deploy.conftest import tool
from tests.deploy.rule_files import FOLDER, Rule, rules

TESTS = [FOLDER / f"prometheus/tests/{name}.yml" for name in ("records", "edges", "burn_rates")]
NEVER = "vector(0) > 1"


@dataclass(frozen=True, slots=True)
class Mutant:
    """A rule with one change, and the unit tests that ask for this rule."""

    rule: str
    change: str
    written: dict[str, Any]


def replaced(expr: str, found: re.Match[str], new: str) -> str:
    return expr[: found.start()] + new + expr[found.end() :]


def operands(expr: str) -> Iterator[str]:
    """Yield the expression without one side of each `and` and `or`, at every depth of its parentheses."""
    depth, opened = 0, {0: [0]}
    for position, letter in enumerate(f"{expr})"):
        if letter == "(":
            depth += 1
            opened[depth] = [position + 1]
        elif letter == ")":
            borders = [*opened[depth], position]
            sides = [expr[start:end] for start, end in pairwise(borders)]
            for side in sides if len(sides) > 1 else ():
                others = "".join(each for each in sides if each is not side)
                others = re.sub(r"^\s*(and|or) ", "", others)
                yield expr[: borders[0]] + others + expr[position:]
            depth -= 1
        elif re.match(r" (and|or) ", expr[position:]):
            opened[depth].append(position)


def changed(expr: str) -> Iterator[str]:
    """Yield the expression with one number, window, matcher, alternative, aggregation or operand changed."""
    yield from operands(expr)
    for found in re.finditer(r"(?<![\w.:\"\[])\d+(\.\d+)?(?![\w.\]])", expr):
        number = float(found[0])
        yield from (replaced(expr, found, f"{number * by:g}") for by in ((0.75, 1.25) if number else ()))
        if not number:
            yield replaced(expr, found, "1")
    for found in re.finditer(r"\[(\d+)([smhd])\]", expr):
        seconds = int(found[1]) * {"s": 1, "m": 60, "h": 3600, "d": 86400}[found[2]]
        yield from (replaced(expr, found, f"[{int(seconds * by)}s]") for by in (0.5, 2))
    for found in re.finditer(r"\w+=~?\"[^\"]*\",?", expr):
        yield replaced(expr, found, "")
    for found in re.finditer(r"\w+\||\|\w+(?=\")", expr):
        yield replaced(expr, found, "")
    for found in re.finditer(r"\b(max|min)\b", expr):
        yield replaced(expr, found, {"max": "min", "min": "max"}[found[1]])


def mutants(rule: Rule) -> Iterator[Mutant]:
    for expr in changed(rule.expr):
        yield Mutant(rule.name, expr, rule.written | {"expr": expr})
    for wait in (
        ("0s", f"{int(rule.written['for'][:-1]) * 2}{rule.written['for'][-1]}") if "for" in rule.written else ()
    ):
        yield Mutant(rule.name, f"for: {wait}", rule.written | {"for": wait})


@cache
def asked(name: str) -> str:
    """Return the unit tests that ask about a rule: they give what it reads, so that it needs no other rule."""
    for file in TESTS:
        document: dict[str, Any] = yaml.safe_load(file.read_text())
        found = []
        for test in document["tests"]:
            about = [each for each in test["promql_expr_test"] if re.search(rf"\b{name}\b", each["expr"])]
            found += [test | {"promql_expr_test": about}] if about else []
        if found:
            return yaml.safe_dump(document | {"rule_files": ["rule.yml"], "tests": found})
    raise AssertionError(f"no unit test asks about {name}")


def passing(folder: Path, written: list[Mutant]) -> list[Mutant]:
    """Return those whose unit tests pass; every one must be a rule that Prometheus takes."""
    promtool = tool("promtool", where="Debian's package prometheus has it")
    for number, mutant in enumerate(written):
        (folder / str(number)).mkdir(parents=True)
        groups = {"groups": [{"name": "one", "rules": [mutant.written]}]}
        (folder / str(number) / "rule.yml").write_text(yaml.safe_dump(groups))
        (folder / str(number) / "test.yml").write_text(asked(mutant.rule))

    def said(what: str, file: str) -> str:
        command = [promtool, what, "rules", *(f"{number}/{file}" for number in range(len(written)))]
        return subprocess.run(
            command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=600
        ).stdout

    checked = said("check", "rule.yml")
    assert checked.count("SUCCESS") == len(written), checked
    verdicts = re.findall(r"Unit Testing:  (\d+)/test.yml\s+(SUCCESS|FAILED)", said("test", "test.yml"))
    assert len(verdicts) == len(written)
    return [written[int(number)] for number, verdict in verdicts if verdict == "SUCCESS"]


def test_every_rule_returns_data_in_its_unit_tests(tmp_path: Path):
    unchanged = [Mutant(rule.name, "", rule.written) for rule in rules()]
    assert passing(tmp_path / "unchanged", unchanged) == unchanged
    silent = [Mutant(rule.name, NEVER, rule.written | {"expr": NEVER}) for rule in rules()]
    assert passing(tmp_path / "silent", silent) == []


def test_every_figure_of_a_rule_is_held_by_a_unit_test(tmp_path: Path):
    made = [mutant for rule in rules() for mutant in mutants(rule)]
    assert len(made) > 5 * len(rules())
    assert [f"{each.rule}: {each.change}" for each in passing(tmp_path, made)] == []

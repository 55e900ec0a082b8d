"""The pattern language and its matcher."""

import pytest

from monitoring_svc.domain.crisis.decision import Category, Severity
from monitoring_svc.domain.crisis.matcher import Matcher
from monitoring_svc.domain.crisis.pattern import Strength, rule

CLASSES = {"WANT": frozenset({"want", "wish"}), "DIE": frozenset({"die", "dead"})}


def _met(line: str, text: str) -> bool:
    matcher = Matcher(rule("r", Category.ABUSE, Severity.HIGH, Strength.PLAIN, line), CLASSES)
    words = text.split()
    borders = [word in {".", ","} for word in words]
    return bool(matcher.matches(words, borders, [word == "." for word in words]))


@pytest.mark.parametrize(
    ("line", "text", "met"),
    [
        ("WANT to DIE", "i wish to die", True),
        ("WANT to DIE", "i wish to really die", False),
        ("WANT to _ DIE", "i wish to really really die", True),
        ("WANT to _ DIE", "i wish to really really really die", False),
        ("WANT to? die", "want die", True),
        ("WANT __ DIE", "want . die", False),
        ("WANT __ DIE", "want , die", True),
        ("want $", "i want", True),
        ("want $", "i want it", False),
        ("want $", "i want , ok", True),
        ("^ want", "i want", False),
        ("^ want", "ok , want", True),
        ("took NUMBER pills", "took 30 pills", True),
        ("took NUMBER pills", "took more pills", False),
    ],
)
def test_a_line_is_met(line: str, text: str, met: bool) -> None:
    assert _met(line, text) is met


def test_an_unknown_class_is_refused() -> None:
    with pytest.raises(ValueError, match="NOSUCH"):
        Matcher(rule("r", Category.ABUSE, Severity.HIGH, Strength.PLAIN, "NOSUCH"), CLASSES)


def test_no_long_run_of_words_starts_more_than_one_thread_a_node() -> None:
    assert _met("WANT __ WANT __ DIE", " ".join(["want"] * 5_000) + " die")

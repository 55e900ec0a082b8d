"""Words that every report uses. An organisation replaces them in its theme; docs/reports.md says how."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from reporting_svc.domain.printable import unwritable
from reporting_svc.domain.report import Definition, ReportType

TITLES = MappingProxyType(
    {
        ReportType.THERAPEUTIC_OUTCOMES: "Therapeutic outcomes",
        ReportType.USER_ENGAGEMENT: "Player engagement",
        ReportType.SYSTEM_PERFORMANCE: "System performance",
        ReportType.COHORT_ANALYSIS: "Cohort analysis",
        ReportType.TREND_ANALYSIS: "Trend analysis",
        ReportType.CUSTOM_DASHBOARD: "Dashboard",
    }
)

HEADINGS = MappingProxyType(
    {
        # Around the sections of every report.
        "notices": "Please note",
        "summary": "What matters most",
        "definitions": "Words used",
        "privacy": "Privacy",
        "data": "Data behind the charts",
        # Sections, by id.
        "overview": "At a glance",
        "progress": "Progress over time",
        "outcomes": "Outcomes",
        "groups": "Which groups",
        "activity": "Activity over time",
        "engagement": "Engagement and mood",
        "retention": "Who comes back",
        "segments": "Kinds of players",
        "differences": "Which groups differ",
        "history": "Groups over time",
        "figures": "All figures",
        "trends": "Each statistic",
        "metrics": "Metrics over time",
        "alerts": "Alerts",
    }
)

DEFINITIONS = MappingProxyType(
    {
        "Period": "A day, ISO week or calendar month in UTC. Its figures are released once and then stay the same.",
        "Release": "The private statistics of one period.",
        "Cohort": ("Players with the same therapeutic focus, session frequency and engagement level in a period."),
        "95 % interval": (
            "Where the value for players like these may lie: privacy noise and variation between players together."
        ),
        "Privacy noise": "Random amounts added on purpose, so that no figure gives away a single player.",
    }
)

PRIVACY_NOTES = (
    "Every figure about players carries random noise (differential privacy): nobody can learn from this report whether "
    "a certain player is in the data.",
    "Noise is as large for a small group as for a large one. Figures of small groups are therefore less certain; their "
    "intervals say how much.",
    "Counts may be a little off and need not add up exactly.",
    "Differences between groups or periods do not tell what caused them.",
)

SERVICE_NOTE = "This report is about the platform's services. It holds no figure about players."

LONGEST_HEADING = 100
LONGEST_SENTENCE = 600
MOST_SENTENCES = 20


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of an organisation's reports; ours where it has none of its own."""

    titles: Mapping[ReportType, str] = field(default_factory=lambda: dict(TITLES))
    """What a report is called that nobody gave a title; its range follows."""
    headings: Mapping[str, str] = field(default_factory=lambda: dict(HEADINGS))
    """By id."""
    definitions: Mapping[str, str] = field(default_factory=lambda: dict(DEFINITIONS))
    """Meanings by word. Statistics bring their own."""
    privacy_notes: tuple[str, ...] = PRIVACY_NOTES
    service_note: str = SERVICE_NOTE
    """In place of the privacy notes, where a report is about services alone."""

    def defined(self) -> tuple[Definition, ...]:
        """Return the words and their meanings."""
        return tuple(Definition(term, meaning) for term, meaning in self.definitions.items())


def worded(given: Any) -> Wording:
    """Return our words with those that an organisation replaces: an object of the fields of `Wording`.

    Titles, headings and definitions are replaced one by one; a definition may be new. Privacy notes are replaced as a
    whole.

    Raises:
        ValueError: with what is wrong: an unknown name, a text that is empty, too long or can't be written.
    """
    known = {"titles", "headings", "definitions", "privacy_notes", "service_note"}
    _object("wording", given, known)
    titles = _object("wording.titles", given.get("titles", {}), {str(one) for one in TITLES})
    headings = _object("wording.headings", given.get("headings", {}), set(HEADINGS))
    definitions = _object("wording.definitions", given.get("definitions", {}), None)
    notes = given.get("privacy_notes", list(PRIVACY_NOTES))
    if not isinstance(notes, list) or not notes:
        raise ValueError("wording.privacy_notes is no list of sentences, or an empty one")
    for where, found in (("definitions", definitions), ("privacy_notes", notes)):
        if len(found) > MOST_SENTENCES:
            raise ValueError(f"wording.{where} holds more than {MOST_SENTENCES}")
    for term in definitions:
        _text("a word of wording.definitions", term, LONGEST_HEADING)
    return Wording(
        TITLES
        | {ReportType(name): _text(f"wording.titles.{name}", one, LONGEST_HEADING) for name, one in titles.items()},
        HEADINGS | {name: _text(f"wording.headings.{name}", one, LONGEST_HEADING) for name, one in headings.items()},
        DEFINITIONS | {term: _text(f"wording.definitions.{term}", one) for term, one in definitions.items()},
        tuple(_text(f"wording.privacy_notes[{index}]", one) for index, one in enumerate(notes)),
        _text("wording.service_note", given.get("service_note", SERVICE_NOTE)),
    )


def _object(where: str, given: Any, known: set[str] | None) -> Mapping[str, Any]:
    if not isinstance(given, dict):
        raise ValueError(f"{where} is no JSON object")
    if known is not None and (unknown := sorted(set(given) - known)):
        raise ValueError(f"{where} knows no {', '.join(unknown)}; it knows {', '.join(sorted(known))}")
    return given


def _text(where: str, given: Any, longest: int = LONGEST_SENTENCE) -> str:
    if not isinstance(given, str) or not given.strip():
        raise ValueError(f"{where} is no text, or an empty one")
    if len(given) > longest:
        raise ValueError(f"{where} is longer than {longest} characters")
    if unwritable(given) or "\n" in given:
        raise ValueError(f"{where} holds a line break or a control character")
    return given.strip()

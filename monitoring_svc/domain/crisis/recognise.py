"""The rule layer: the last messages of one player in, a decision or None out. Pure, no I/O, bounded time."""

from collections.abc import Sequence
from dataclasses import dataclass

from monitoring_svc.domain.crisis.characters import LONGEST
from monitoring_svc.domain.crisis.decision import Category, CrisisDecision, Layer, Severity, Span
from monitoring_svc.domain.crisis.frames import Frames
from monitoring_svc.domain.crisis.lexicon import CLASSES, CONTENT
from monitoring_svc.domain.crisis.matcher import Match, Matcher
from monitoring_svc.domain.crisis.pattern import Strength
from monitoring_svc.domain.crisis.reading import Reading, reading_of
from monitoring_svc.domain.crisis.rules_abuse import ABUSE_RULES
from monitoring_svc.domain.crisis.rules_body import BODY_RULES
from monitoring_svc.domain.crisis.rules_languages import LANGUAGE_RULES
from monitoring_svc.domain.crisis.rules_other import OTHER_RULES
from monitoring_svc.domain.crisis.rules_self_harm import SELF_HARM_RULES
from monitoring_svc.domain.crisis.rules_suicide import SUICIDE_RULES
from monitoring_svc.domain.crisis.spelling import AFTER_A_MODAL, KEY_WORDS, ORDINARY, SHORT_FORMS
from monitoring_svc.domain.crisis.word_list import words as word_list
from monitoring_svc.domain.crisis.words import PAUSE, QUESTION, STOP, Word, read

MESSAGES = 20
"""At most so many of the last messages are read together."""
FOREIGN_WORDS = 2
"""From so many words of another language on, where they outnumber the English ones, only that language is read."""
CHARACTERS = 20_000
"""At most so many characters of them, the last."""
NEAR = 8
"""Words to either side by which the language around a match is told."""
SAME_PATTERN = 8
FRAGMENT = 4
"""A message of at most so many words runs on into the next: people press return in the middle of a sentence."""
HINTS_NEEDED = 3
"""So many different hints of one kind make a decision without anything plainer."""

_FOREIGN = word_list("""
    yo el lo los las uno una unos unas que de y en mi mis esta estoy quiero muy con por para le tengo puedo mas
    hoy noche siento sin soy todos nadie voy ya porque hace tu su nos pero como cuando del al je il elle nous
    vous une et ma mes pas ne suis est ai veux tout avec pour ce cette soir moi sans dans tous personne vais qui
    va mal ca pense ich du er sie wir nicht und ist das der dem den ein eine mich mir mein meine meinem bin mehr
    zu auf mit kein keine ohne heute morgen nacht wieder leben vater freundin habe hab eu voce ele ela nao um
    uma e meu minha meus estou quero muito hoje noite sem sou ninguem vou ja mim pra tomei penso na no os nas
    nos da
""") - {"no", "me", "an", "die", "the", "so"}
_ENGLISH = (
    (
        CONTENT
        | word_list("""
    i my myself pills die kill want
""")
    )
    - _FOREIGN
    - {"me", "no", "an", "die", "will", "was", "war", "am", "on", "son"}
)

_english = Matcher(
    (*SUICIDE_RULES, *SELF_HARM_RULES, *ABUSE_RULES, *BODY_RULES, *OTHER_RULES),
    CLASSES,
)
_foreign = Matcher(LANGUAGE_RULES, CLASSES)
_FOREIGN = _FOREIGN | (
    _foreign.words - _english.words - CONTENT - {word for members in CLASSES.values() for word in members}
)
KNOWN: frozenset[str] = frozenset(
    _english.words | _foreign.words | CONTENT | KEY_WORDS | ORDINARY | AFTER_A_MODAL | _FOREIGN
    | {word for words in SHORT_FORMS.values() for word in words}
)  # fmt: skip
"""Words that are never corrected to another."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A match with the frame that took its meaning away, or None where it counts."""

    match: Match
    taken_away_by: str | None


@dataclass(frozen=True, slots=True)
class Analysis:
    """Everything the rule layer saw: for the decision, for `explain` and for the joined decision."""

    reading: Reading
    findings: tuple[Finding, ...]
    decision: CrisisDecision | None
    english: bool = True
    """Whether it is read as English; the sentence encoder knows no other language well."""


def recognise(messages: Sequence[str]) -> CrisisDecision | None:
    """Decide on the last messages of one player, oldest first; None where no danger is recognised."""
    return analyse(messages).decision


def analyse(messages: Sequence[str]) -> Analysis:
    """Decide, and keep what led there."""
    words = _words(messages)
    reading = reading_of(words)
    borders = [text in (STOP, QUESTION, PAUSE) for text in reading.texts]
    ends = [text in (STOP, QUESTION) for text in reading.texts]
    tongues = [1 if text in _FOREIGN else -1 if text in _ENGLISH else 0 for text in reading.texts]
    english = sum(tongues) <= 0
    matches = [
        match
        for match in _english.matches(reading.texts, borders, ends)
        if not _is_foreign(tongues, match, FOREIGN_WORDS)
    ]
    if 1 in tongues:
        matches.extend(
            match for match in _foreign.matches(reading.texts, borders, ends) if _is_foreign(tongues, match, 0)
        )
    matches = _some_of_each(matches)
    if not matches:
        return Analysis(reading, (), None, english)
    frames = Frames(reading)
    findings = tuple(Finding(match, frames.takes_away(match)) for match in matches)
    return Analysis(reading, findings, _decide(reading, findings), english)


def _words(messages: Sequence[str]) -> list[Word]:
    """The words of the last messages, as many as `CHARACTERS` allow, with a border between two messages."""
    first, left = len(messages), CHARACTERS
    while first > max(0, len(messages) - MESSAGES) and left > 0:
        first -= 1
        left -= min(len(messages[first]), LONGEST)
    words: list[Word] = []
    short = False
    for number in range(first, len(messages)):
        said = read(messages[number], number, KNOWN)
        if words and words[-1].text not in (STOP, QUESTION):
            words.append(Word(PAUSE if short else STOP, number, 0, 0))
        short = 0 < len(said) <= FRAGMENT
        words.extend(said)
    return words


def _is_foreign(tongues: Sequence[int], match: Match, least: int) -> bool:
    """Whether the words around a match are more of other languages than of English, and at least so many."""
    around = tongues[max(0, match.places[0] - NEAR) : match.places[-1] + NEAR]
    return sum(around) >= (1 if least else 0) and around.count(1) >= least


def _some_of_each(matches: Sequence[Match]) -> list[Match]:
    """At most `SAME_PATTERN` matches of one pattern: repetition says nothing new."""
    seen: dict[int, int] = {}
    kept = []
    for match in matches:
        count = seen[id(match.pattern)] = seen.get(id(match.pattern), 0) + 1
        if count <= SAME_PATTERN:
            kept.append(match)
    return kept


def _decide(reading: Reading, findings: Sequence[Finding]) -> CrisisDecision | None:
    counted = [finding.match for finding in findings if finding.taken_away_by is None]
    plain = [match for match in counted if match.pattern.strength is not Strength.HINT]
    if plain:
        worst = max(match.pattern.severity for match in plain)
        if worst is Severity.IMMINENT and not _surely_imminent(plain):
            worst = Severity.HIGH
        weight: dict[Category, float] = {}
        for match in plain:
            worth = {Strength.PLAIN: 1.0, Strength.GUARDED: 0.9, Strength.SOFT: 0.6}[match.pattern.strength]
            weight[match.pattern.category] = weight.get(match.pattern.category, 0.0) + worth * match.pattern.severity
        category = max(weight, key=lambda kind: weight[kind])
        surest = max(_SURE[match.pattern.strength] for match in plain)
        score = min(0.99, surest + 0.02 * (len({match.pattern.line for match in plain}) - 1))
        return CrisisDecision(category, worst, round(score, 3), Layer.RULES, _spans(reading, plain))
    by_kind: dict[Category, set[str]] = {}
    for match in counted:
        by_kind.setdefault(match.pattern.category, set()).add(match.pattern.line)
    for category, lines in sorted(by_kind.items(), key=lambda item: -len(item[1])):
        if len(lines) >= HINTS_NEEDED:
            return CrisisDecision(category, Severity.MODERATE, 0.5, Layer.RULES, _spans(reading, counted))
        break
    return None


def _surely_imminent(matches: Sequence[Match]) -> bool:
    """Whether an imminent danger is said in so many words or by two lines.

    One line that also fits an everyday matter is of high severity, so that the semantic layer is asked.
    """
    imminent = [match for match in matches if match.pattern.severity is Severity.IMMINENT]
    return (
        any(match.pattern.strength is Strength.PLAIN for match in imminent)
        or len({match.pattern.line for match in matches}) > 1
    )


_SURE = {Strength.PLAIN: 0.85, Strength.GUARDED: 0.75, Strength.SOFT: 0.55}


def _spans(reading: Reading, matches: Sequence[Match]) -> tuple[Span, ...]:
    spans = set()
    for match in matches:
        first, last = reading.words[match.places[0]], reading.words[match.places[-1]]
        end = last.end if last.message == first.message else first.end
        spans.add(Span(first.message, first.start, end, match.pattern.rule))
    return tuple(sorted(spans, key=lambda span: (span.message, span.start, span.end, span.rule)))

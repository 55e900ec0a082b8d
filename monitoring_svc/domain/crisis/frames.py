"""In what frame words are said: negated, past, quoted, of a story or game, asked for others, in jest, everyday.

Each question is answered for one match within its clause, sentence or message, by plain look-ups around it.
"""

from collections.abc import Sequence

from monitoring_svc.domain.crisis.decision import Category
from monitoring_svc.domain.crisis.frame_words import (
    ASKED,
    BEASTS,
    BENIGN_LEAVE,
    EMBARRASSED,
    EXERTION,
    FIRST,
    IDIOMS,
    LEAVING,
    LIGHT,
    MEALS,
    MEANT,
    NEGATORS,
    NO_NEGATION_BEFORE,
    OF_LIFE,
    OTHER_MATTERS,
    PAST,
    REAL,
    RECOVERED,
    SAYING,
    SCOLDERS,
    STILL,
    TRIVIAL,
    TURNS,
    UNREAL,
)
from monitoring_svc.domain.crisis.lexicon import CLASSES
from monitoring_svc.domain.crisis.matcher import Match
from monitoring_svc.domain.crisis.pattern import Strength, Whose
from monitoring_svc.domain.crisis.reading import Reading, holds, occurrences
from monitoring_svc.domain.crisis.word_list import phrases, words
from monitoring_svc.domain.crisis.words import PAUSE, QUESTION, STOP

_USED_TO = phrases("used to")
_ABSENCES = NEGATORS | {"noone", "plus", "stopped", "empty"}
_GAME = CLASSES["GAME"] | CLASSES["INGAME"]
_TALES = _GAME | CLASSES["FICTION"]
_LIGHT = LIGHT | {PAUSE}
_OF_LIFE_OR_LIGHT = OF_LIFE | LIGHT
_KNOWN_PEOPLE = CLASSES["FRIEND"] | (CLASSES["FAMILY"] - {"baby"}) | {"he", "she", "they"}
_OTHERS = CLASSES["PERSON"] | words("""
    you king queen knight hero villain character man woman actor actress singer wizard prince princess people
    witch npc students teens patients who teacher old jack everyone somebody prisoner protagonist
""")
_OTHERS_ALONE = _OTHERS - {"everyone", "people", "friends", "you", "they"}
_CLAUSE_ENDS = frozenset({PAUSE, STOP, QUESTION, "but", "and", "because", "anyway", "so", "after"})
_TOLD_AT_LENGTH = frozenset(
    {
        "goodbye",
        "plan, means or time",
        "acute illness",
        "substance taken",
        "panic",
        "violence at this moment",
        "not eating or purging with the body failing",
    }
)


class Frames:
    """The frames of one reading; whole-message facts are found once."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._all = frozenset(reading.texts)
        self._outside: dict[int, list[str]] = {}
        self._inside: dict[tuple[int, int], frozenset[str]] = {}
        self._laugh = bool(self._all & CLASSES["LAUGH"])
        self._game = bool(self._all & _GAME)
        self._fiction = bool(self._all & CLASSES["FICTION"])
        self._mundane = bool(self._all & CLASSES["MUNDANE"])
        self._real = holds(reading.texts, REAL)
        self._unreal = holds(reading.texts, UNREAL)
        self._recovered = holds(reading.texts, RECOVERED)

    def takes_away(self, match: Match) -> str | None:
        """The frame that takes the match's meaning away, or None."""
        bound = self._reading.bound(match.places[0])
        inside = self._inside.get(bound)
        if inside is None:
            inside = self._inside[bound] = frozenset(self._reading.texts[slice(*bound)])
        checks = (
            ("idiom", self._idiom),
            ("negated", self._negated),
            ("quoted", self._quoted),
            ("past", self._past),
            ("another's", self._another),
            ("story or game", self._story),
            ("asked or reported", self._asked),
            ("in jest", self._jest),
            ("everyday", self._everyday),
        )
        for name, check in checks:
            if check(match, inside):
                return name
        return None

    def _idiom(self, match: Match, inside: frozenset[str]) -> bool:
        """A set phrase that overlaps the match, a beast's doing, or a scolding."""
        texts, places = self._reading.texts, match.places
        low = max(0, places[0] - 4)
        if any(low + at <= places[-1] for at in occurrences(texts[low : places[-1] + 4], IDIOMS)):
            return True
        if (
            match.pattern.whose is Whose.SELF
            and match.pattern.category in (Category.ABUSE, Category.SELF_HARM)
            and inside & BEASTS
        ):
            return "myself" not in inside and not inside & {"dad", "he", "stepdad", "husband", "boyfriend"}
        if match.pattern.rule in _OF_CONTROL and inside & TRIVIAL and not inside & (MEANT - {"find", "really"}):
            return True
        if match.pattern.category is Category.EATING_DISORDER_EMERGENCY and inside & MEALS:
            return not inside & _FAILING
        if (
            match.pattern.category is Category.ABUSE
            and "kill" in inside
            and (inside & SCOLDERS or inside & {"sees", "late", "forgot", "spilled", "dent", "score"})
        ):
            return not inside & MEANT or self._laugh or "joke" in inside
        return False

    def _negated(self, match: Match, inside: frozenset[str]) -> bool:
        del inside
        texts, places = self._reading.texts, match.places
        on_path = set(places)
        if any(texts[place] in _ABSENCES for place in places):
            return False
        found = 0
        first = places[0]
        for place in range(places[-1] - 1, max(-1, first - 7), -1):
            text = texts[place]
            if (
                place < first - 3
                and text != "never"
                and texts[place : place + 2] not in (["no", "plans"], ["no", "intention"])
            ):
                continue
            if place < first and (text in (STOP, QUESTION, PAUSE, "but", "because", "so", "until")):
                break
            if place in on_path or text not in NEGATORS:
                continue
            after = texts[place + 1] if place + 1 < len(texts) else ""
            if after in NO_NEGATION_BEFORE or (
                text == "no" and after in {"i", "one", "joke", "point", "matter", "idea", "more"}
            ):
                continue
            if (
                text in {"nobody", "noone", "nothing", "none", "without"}
                and not set(texts[place + 1 : first]) <= _AUXILIARIES
            ):
                continue
            if (
                place > first
                and match.pattern.rule in _TOLD_AT_LENGTH
                and (place + 1 not in on_path or (texts[first] != "i" and place > first + 1))
            ):
                continue
            if text == "never" and {"so", "this", "more", "as"} & set(texts[place : places[-1] + 4]):
                continue
            if text == "not" and place > 0 and texts[place - 1] in {"why", "if"}:
                continue
            found += 1
        return found % 2 == 1

    def _quoted(self, match: Match, inside: frozenset[str]) -> bool:
        words = self._reading.words
        if not all(words[place].quoted for place in match.places):
            return False
        message = words[match.places[0]].message
        if message not in self._outside:
            self._outside[message] = [
                word.text
                for word in words
                if word.message == message and not word.quoted and word.text not in (STOP, PAUSE)
            ]
        outside = self._outside[message]
        if not outside:
            return False
        close = SAYING & set(outside) and ((_KNOWN_PEOPLE - {"he", "she", "they"}) & set(outside) or "me" in outside)
        told_by_me = "i" in outside and bool({"told", "said", "texted", "wrote"} & set(outside))
        light = self._laugh or self._fiction or self._game or {"laughed", "always", "joking"} & set(outside)
        return not ((close or told_by_me) and not light and match.pattern.strength is Strength.PLAIN)

    def _past(self, match: Match, inside: frozenset[str]) -> bool:
        texts, places = self._reading.texts, match.places
        start, end = self._reading.bound(places[0])
        if "ago" in {texts[place] for place in places} or inside & {"regret", "wish"}:
            return False
        used_to = next((start + at for at in occurrences(texts[start:end], _USED_TO)), None)
        if used_to is not None and used_to <= places[0] and not set(texts[used_to : places[0]]) & TURNS:
            return not inside & {"again", "relapsed", "relapse", "still"}
        left, right = self._clause(start, end, places, 3)
        around = set(texts[left:right])
        if around & STILL and not self._recovered:
            return False
        for place in occurrences(texts[start:end], PAST):
            marker = start + place
            between = texts[min(marker + 2, places[-1]) : max(marker + 2, places[0])]
            if not (set(between) & TURNS):
                return True
        if self._recovered:
            return not (inside & {"tonight", "relapsed", "relapse", "broke", "gave", "slipped", "again"}) and not (
                match.pattern.strength is Strength.PLAIN and inside & {"want", "will", "going"} and "no" not in inside
            )
        return False

    def _another(self, match: Match, inside: frozenset[str]) -> bool:
        del inside
        texts, places = self._reading.texts, match.places
        if (
            match.pattern.whose is Whose.OTHER
            or match.pattern.rule in _OF_LEAVING
            or match.pattern.category not in (Category.SUICIDAL_IDEATION, Category.SELF_HARM)
        ):
            return False
        if any(texts[place] in FIRST for place in places):
            first = places[0]
            return texts[first] in _OTHERS and texts[first] not in {
                "friend",
                "brother",
                "you",
                "people",
                "dude",
                "everyone",
                "family",
                "they",
                "kids",
                "mom",
                "dad",
                "friends",
                "parents",
            }
        for place in range(places[0] - 1, max(-1, places[0] - 6), -1):
            text = texts[place]
            if text in (STOP, QUESTION):
                break
            if text in FIRST:
                return False
            if text in _OTHERS:
                return True
        return texts[places[0]] in _OTHERS_ALONE and match.pattern.strength is not Strength.GUARDED

    def _story(self, match: Match, inside: frozenset[str]) -> bool:
        if self._real or "character" in {self._reading.texts[place] for place in match.places}:
            return False
        strength = match.pattern.strength
        modal = {self._reading.texts[place] for place in match.places} & _MODAL
        if inside & CLASSES["FICTION"] and (
            not self._own(match) or (strength is not Strength.PLAIN and inside & SAYING)
        ):
            return True
        unreal_here = self._unreal and holds(self._reading.sentence(match.places[0]), UNREAL)
        if self._unreal and (strength is not Strength.PLAIN or unreal_here):
            return not (modal and strength is Strength.PLAIN and not unreal_here) and not self._own(match)
        if inside & _GAME:
            return (strength is not Strength.PLAIN or not modal) and not self._own(match)
        return (self._game or self._fiction) and strength is not Strength.PLAIN and not self._own(match)

    def _clause(self, start: int, end: int, places: Sequence[int], reach: int) -> tuple[int, int]:
        """The clause around the match, at most `reach` words to either side."""
        texts = self._reading.texts
        low, high = max(start, places[0] - reach), min(end, places[-1] + reach + 1)
        left = next((p + 1 for p in range(places[0] - 1, low - 1, -1) if texts[p] in _CLAUSE_ENDS), low)
        right = next((p for p in range(places[-1] + 1, high) if texts[p] in _CLAUSE_ENDS), high)
        return left, right

    def _of_something_else(self, match: Match) -> bool:
        """Whether the words name another matter: `tired of living with roommates`, `take this noise anymore`."""
        texts, places = self._reading.texts, match.places
        last = places[-1]
        after = texts[last + 1 : last + 5]
        if len(after) > 1 and after[1].isdigit():
            return False
        if after and after[0] in OTHER_MATTERS and not set(after[1:]) & OF_LIFE and after[1:2] not in (["the"], []):
            return texts[last] not in {"me", "i"}
        if after and after[0] in OTHER_MATTERS and after[1:2] == ["the"] and not set(after[2:]) & _OF_LIFE_OR_LIGHT:
            return texts[last] not in {"me", "i"}
        on_path = set(places)
        return any(
            texts[place] in {"this", "the", "that", "these"}
            and place + 1 not in on_path
            and place + 1 < last
            and texts[place + 1] not in _LIGHT
            for place in places
        )

    def _own(self, match: Match) -> bool:
        """Whether the match is the player's own, said in a clause apart from any talk of a story."""
        texts, places = self._reading.texts, match.places
        first = places[0]
        begins = first == 0 or texts[first - 1] in _CLAUSE_ENDS
        elliptic = begins and match.pattern.category in (Category.SUICIDAL_IDEATION, Category.SELF_HARM)
        if not elliptic and not any(texts[place] in {"i", "myself", "my", "me"} for place in places):
            return False
        start, end = self._reading.bound(places[0])
        left, right = self._clause(start, end, places, 40)
        return not (set(texts[left:right]) & _TALES)

    def _asked(self, match: Match, inside: frozenset[str]) -> bool:
        texts, places = self._reading.texts, match.places
        if any(texts[place] in {"i", "myself", "me"} for place in places) and match.pattern.whose is Whose.SELF:
            return False
        urgent = inside & {"now", "tonight", "not", "help", "please"} and inside & {
            "my",
            "he",
            "she",
            "her",
            "him",
        }
        if inside & CLASSES["INFO"] and not inside & {"i", "my"}:
            return True
        if inside & CLASSES["INFO"] and not urgent and not any(texts[place] in FIRST for place in places):
            return True
        return not urgent and holds(self._reading.sentence(places[0]), ASKED)

    def _jest(self, match: Match, inside: frozenset[str]) -> bool:
        if inside & EMBARRASSED:
            return True
        if not self._laugh or self._real:
            return False
        if match.pattern.strength in (Strength.SOFT, Strength.HINT):
            return True
        if match.pattern.category in _OF_THE_BODY:
            return bool(inside & CLASSES["LAUGH"])
        start, end = self._reading.bound(match.places[0])
        if inside & CLASSES["LAUGH"] and inside & {"makes", "make", "made", "making"}:
            return "myself" not in inside or bool(inside & (CLASSES["GAME"] | CLASSES["MUNDANE"]))
        left, right = self._clause(start, end, match.places, 6)
        return bool(set(self._reading.texts[left:right]) & CLASSES["MUNDANE"])

    def _everyday(self, match: Match, inside: frozenset[str]) -> bool:
        strength = match.pattern.strength
        if match.pattern.category in _OF_THE_BODY and inside & EXERTION:
            return not inside & {
                "help",
                "dying",
                "arm",
                "emergency",
                "ambulance",
                "hospital",
                "now",
                "pills",
                "drunk",
                "took",
                "overdose",
                "broke",
                "alcohol",
                "vodka",
            }
        if match.pattern.rule in _OF_A_WISH and self._of_something_else(match):
            return True
        if strength is Strength.PLAIN:
            return False
        if match.pattern.rule in _OF_LEAVING:
            return holds(self._reading.texts, BENIGN_LEAVE) or bool(inside & LEAVING)
        return bool(inside & CLASSES["MUNDANE"]) or (strength is not Strength.GUARDED and self._mundane)


_OF_A_WISH = frozenset({"wish not to be", "no strength to go on", "wish to die"})
_FAILING = words("""
    passed fainted faint fainting purge purged purging threw throw blood sick vomit laxatives myself dizzy
    days collapsed black bleeding fingers
""")
_OF_CONTROL = frozenset({"held, controlled or threatened", "humiliation, control and fear at home", "sexual abuse"})
_OF_LEAVING = frozenset({"goodbye", "plan, means or time"})
_OF_THE_BODY = (Category.MEDICAL_EMERGENCY, Category.SUBSTANCE_EMERGENCY)
_AUXILIARIES = frozenset({"is", "has", "was", "will", "would", "ever", "here", "else"})
_MODAL = CLASSES["WANT"] | CLASSES["WILL"] | CLASSES["THINK"] | {"suicidal", "not"}

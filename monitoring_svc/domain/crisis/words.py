"""A message as words: tokenised, written out, with clause and sentence borders, quotation and each word's place.

Plain scanning, one pass, no pattern that could backtrack.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from monitoring_svc.domain.crisis.characters import fold
from monitoring_svc.domain.crisis.spelling import AFTER_A_MODAL, FORMS_BEFORE_A_VERB, written_out

STOP = "."
QUESTION = "?"
PAUSE = ","

_PIECE = re.compile(r"[a-z0-9@$*'!|+]+|[^a-z0-9@$*'!|+\s]|\n")
_PICTURES = {
    "🔪": "knife",
    "🗡": "knife",
    "💊": "pills",
    "🔫": "gun",
    "🩸": "blood",
    "⚰": "coffin",
    "🪦": "coffin",
    "🪢": "rope",
    "😂": "lol",
    "🤣": "lol",
    "😆": "lol",
    "😹": "lol",
    "💀": "skull",
    "☠": "skull",
    "😅": "lol",
    "😜": "lol",
    "🤪": "lol",
    "😝": "lol",
    "👋": "bye",
    "🌉": "bridge",
}


Piece = tuple[str, int, int, bool | None]
"""Text, first and one past the last place in the folded message, and whether a quotation opens or closes here."""


class Word(NamedTuple):
    """One word, or a border (`.` sentence, `?` question, `,` clause)."""

    text: str
    message: int
    start: int
    end: int
    quoted: bool = False


def read(message: str, number: int, known: frozenset[str]) -> list[Word]:
    """The words of one message; `known` holds the words that are never corrected."""
    folded, origins = fold(message)
    found: list[Word] = []
    quoted = False
    for piece, start, end, quote in _spelt_out(_pieces(folded)):
        if quote is not None:
            quoted = quote
            found.append(Word(PAUSE, number, origins[start], origins[end - 1] + 1, quoted))
            continue
        place = (number, origins[start], origins[end - 1] + 1, quoted)
        if piece in (STOP, QUESTION, PAUSE):
            found.append(Word(piece, *place))
            continue
        found.extend(Word(text, *place) for text in written_out(piece, known))
    return _settle(found)


def _pieces(folded: str) -> Iterator[Piece]:
    """Pieces of the folded text with their place; the last item tells whether a quotation opens or closes."""
    double = single = False
    for match in _PIECE.finditer(folded):
        piece, start, end = match.group(), match.start(), match.end()
        if piece == '"':
            double = not double
            yield piece, start, end, double
        elif piece in _PICTURES:
            yield _PICTURES[piece], start, end, None
        elif piece in ".;\n":
            yield STOP, start, end, None
        elif piece == "?":
            yield QUESTION, start, end, None
        elif piece in ",:()/-~":
            yield PAUSE, start, end, None
        else:
            word = piece.strip("!'|+*") if piece[-1] in "!'|+*" or piece[0] in "'|+*!" else piece
            if piece[0] == "'" and not single and word and "'" in folded[start + 1 : start + 400]:
                single = True
                yield "'", start, start + 1, True
            if word:
                at = start + piece.index(word)
                yield word, at, at + len(word), None
            if single and piece.rstrip("!").endswith("'") and (len(piece) > 1 or piece == "'"):
                single = False
                yield "'", end - 1, end, False
            if "!" in piece[-1:]:
                yield STOP, end - 1, end, None


def _spelt_out(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Runs of three or more single letters (`c u t`) read as one word."""
    run: list[Piece] = []
    for piece in pieces:
        if len(piece[0]) == 1 and piece[0].isalpha():
            run.append(piece)
            continue
        yield from _joined(run)
        run = []
        yield piece
    yield from _joined(run)


def _joined(run: list[Piece]) -> list[Piece]:
    if len(run) < 3:
        return run
    return [("".join(piece[0] for piece in run), run[0][1], run[-1][2], None)]


_PAIRS = {("no", "one"): "noone", ("work", "out"): "workout"}
"""Two words that mean one."""


def _settle(words: list[Word]) -> list[Word]:
    """Forms whose reading depends on the next word, and `2` for `to`."""
    settled: list[Word] = []
    for place, word in enumerate(words):
        after = words[place + 1].text if place + 1 < len(words) else ""
        parts: tuple[str, ...] = ()
        if word.text in FORMS_BEFORE_A_VERB and after in AFTER_A_MODAL:
            parts = FORMS_BEFORE_A_VERB[word.text]
        elif (
            word.text == "2"
            and settled
            and settled[-1].text in {"want", "going", "need", "have", "got", "about", "trying", "ready"}
        ):
            parts = ("to",)
        elif word.text == "2" and after in {"much", "many"}:
            parts = ("too",)
        elif settled and (settled[-1].text, word.text) in _PAIRS:
            before = settled.pop()
            pair = _PAIRS[before.text, word.text]
            settled.append(Word(pair, before.message, before.start, word.end, word.quoted))
            continue
        elif word.text == "self" and settled and settled[-1].text in {"my", "me"}:
            before = settled.pop()
            settled.append(Word("myself", before.message, before.start, word.end, word.quoted))
            continue
        else:
            settled.append(word)
            continue
        settled.extend(word._replace(text=part) for part in parts)
    return settled

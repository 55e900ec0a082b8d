"""Characters as people mean them: one folded lower-case letter for each way to write it, with its original place.

Compatibility forms, accents, invisible characters and look-alikes from other scripts fold to plain letters
(Unicode TR 15 and TR 39, the common part). Time is linear in the length, which is bounded first.
"""

import unicodedata

LONGEST = 20_000
"""Characters of one message that are read: the first and the last half of this. The rest is skipped, not scanned."""

_LOOK_ALIKES = dict(
    zip(
        "аеорсухікмтнвһѕјԁԛԝαβεικνορτυχηγ",
        "aeopcyxikmthbhsjdqwabeiknoptuxny",
        strict=True,
    )
)
_FOLDED = {
    "’": "'",
    "‘": "'",
    "´": "'",
    "`": "'",
    "ʼ": "'",
    "“": '"',
    "”": '"',
    "„": '"',
    "«": '"',
    "»": '"',
    "ß": "ss",
    "ø": "o",
    "æ": "ae",
    "œ": "oe",
    "ı": "i",
    "ł": "l",
    "đ": "d",
    "…": ".",
    "—": ",",
    "–": ",",
    "¿": " ",
    "¡": " ",
    **_LOOK_ALIKES,
}


def _fold(character: str) -> str:
    lower = character.lower()
    if lower in _FOLDED:
        return _FOLDED[lower]
    letters = []
    for part in unicodedata.normalize("NFKD", character).lower():
        kind = unicodedata.category(part)
        if kind in {"Mn", "Me", "Cf"}:
            continue
        letters.append(" " if kind in {"Zs", "Cc"} and part != "\n" else _FOLDED.get(part, part))
    return "".join(letters)


def fold(message: str) -> tuple[str, list[int] | range]:
    """The folded message and, for each of its characters, the index of the original character."""
    places: list[int] | range
    if len(message) > LONGEST:
        half = LONGEST // 2
        places = [*range(half), *range(len(message) - half, len(message))]
        message = message[:half] + message[-half:]
    else:
        places = range(len(message))
    if message.isascii():
        return message.lower(), places
    known = {character: _fold(character) for character in set(message)}
    folded: list[str] = []
    origins: list[int] = []
    for place, character in zip(places, message, strict=True):
        letters = known[character]
        folded.append(letters)
        origins.extend([place] * len(letters))
    return "".join(folded), origins

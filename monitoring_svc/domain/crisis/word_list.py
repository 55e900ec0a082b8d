"""Lists of words and phrases as people read them: plain text, split here."""


def words(text: str) -> frozenset[str]:
    """The words of a text, separated by white space."""
    return frozenset(text.split())


def phrases(text: str) -> tuple[tuple[str, ...], ...]:
    """The phrases of a text, separated by `|` or ends of lines, each as its words."""
    parts = (part.split() for line in text.splitlines() for part in line.split("|"))
    return tuple(tuple(part) for part in parts if part)

"""Refuses texts that the database can't hold before they share a transaction with those of others."""

from collections.abc import Mapping

from mesh.refusal import InvalidArgument, Violation


def storable(field: str, text: str) -> str:
    """Return the text; raises InvalidArgument (`text_unstorable`) naming the field where it holds NUL."""
    if "\0" in text:
        violation = Violation(field, "string.storable", "holds NUL, which can't be stored")
        raise InvalidArgument("text_unstorable", f"{field} {violation.description}.", violations=[violation])
    return text


def storable_texts(field: str, texts: Mapping[str, str]) -> dict[str, str]:
    """Return the texts by their names; raises as `storable`. A name is the sender's text and is not told."""
    for name, text in texts.items():
        storable(f"{field}[...]", name)
        storable(f"{field}[...]", text)
    return dict(texts)

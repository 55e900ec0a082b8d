"""Text that every format can hold.

Titles, names of groups and words of panels come from people and from other services. XML, of which workbooks, drawings
and a PDF's metadata are made, takes no control characters, and a heading has one line.
"""

import re
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

T = TypeVar("T")

_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 refuses or discourages; line breaks and tabs are none of them."""


def printable(value: T) -> T:
    """Return a value of dataclasses, tuples and texts; what can't be written becomes a space, all else stays the same.

    Lines end as everywhere here. Nothing is copied where there is nothing to replace.
    """
    cleaned: T = _printable(value)
    return cleaned


def unwritable(text: str) -> bool:
    """Return whether a text holds a character that some format can't."""
    return not text.isprintable() and _UNWRITABLE.search(text) is not None


def _written(text: str) -> str:
    return _UNWRITABLE.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return _written(value) if type(value) is str and not value.isprintable() else value
    if isinstance(value, tuple):
        made = tuple([_printable(one) for one in value])
        return value if all(new is old for new, old in zip(made, value, strict=True)) else made
    if is_dataclass(value) and not isinstance(value, type):
        known = {field.name: getattr(value, field.name) for field in fields(value)}
        changed = {name: new for name, old in known.items() if (new := _printable(old)) is not old}
        return replace(value, **changed) if changed else value
    return value

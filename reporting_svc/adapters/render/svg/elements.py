"""SVG text, escaped."""

from collections.abc import Iterable
from html import escape
from typing import Any


def element(tag: str, *children: str, **attributes: Any) -> str:
    """Return an element; children are markup, attributes are escaped, `_` in names becomes `-`, None is left out."""
    written = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(number(value), quote=True)}"'
        for name, value in attributes.items()
        if value is not None
    )
    return f"<{tag}{written}>{''.join(children)}</{tag}>" if children else f"<{tag}{written}/>"


def words(text: str, x: float, y: float, **attributes: Any) -> str:
    """Return a line of text."""
    return element("text", escape(text), x=x, y=y, **attributes)


def number(value: Any) -> str:
    """Write an attribute; coordinates with two decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def markers(shape: str, spots: Iterable[tuple[float, float]], size: float, **attributes: Any) -> str:
    """Return points in one of the theme's shapes, all in one path: a tenth of the work for those who draw it."""
    return element("path", d="".join(f"M{_outline(shape, x, y, size)}Z" for x, y in spots), **attributes)


def _outline(shape: str, x: float, y: float, size: float) -> str:
    """Return the path around a point, from its first corner on."""
    match shape:
        case "square":
            return _corners((x - size, y - size), (x + size, y - size), (x + size, y + size), (x - size, y + size))
        case "diamond":
            wide = size * 1.3
            return _corners((x, y - wide), (x + wide, y), (x, y + wide), (x - wide, y))
        case "triangle":
            return _corners((x, y - size * 1.2), (x + size * 1.2, y + size), (x - size * 1.2, y + size))
        case "cross":
            thin = size * 0.4
            bar = _corners((x - size, y - thin), (x + size, y - thin), (x + size, y + thin), (x - size, y + thin))
            post = _corners((x - thin, y - size), (x + thin, y - size), (x + thin, y + size), (x - thin, y + size))
            return f"{bar}ZM{post}"
        case _:
            arc = f"a{number(size)} {number(size)} 0 1 0"
            return f"{number(x - size)} {number(y)}{arc} {number(2 * size)} 0{arc} {number(-2 * size)} 0"


def _corners(*places: tuple[float, float]) -> str:
    return "L".join(f"{number(x)} {number(y)}" for x, y in places)

"""SVG text, escaped."""

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


def marker(shape: str, x: float, y: float, size: float, **attributes: Any) -> str:
    """Return a point in one of the theme's shapes."""
    match shape:
        case "square":
            return element("rect", x=x - size, y=y - size, width=2 * size, height=2 * size, **attributes)
        case "diamond":
            corners = ((x, y - size * 1.3), (x + size * 1.3, y), (x, y + size * 1.3), (x - size * 1.3, y))
        case "triangle":
            corners = ((x, y - size * 1.2), (x + size * 1.2, y + size), (x - size * 1.2, y + size), (x, y - size * 1.2))
        case "cross":
            thin = size * 0.4
            return element("rect", x=x - size, y=y - thin, width=2 * size, height=2 * thin, **attributes) + element(
                "rect", x=x - thin, y=y - size, width=2 * thin, height=2 * size, **attributes
            )
        case _:
            return element("circle", cx=x, cy=y, r=size, **attributes)
    return element("path", d=f"M{' L'.join(f'{number(a)} {number(b)}' for a, b in corners)} Z", **attributes)

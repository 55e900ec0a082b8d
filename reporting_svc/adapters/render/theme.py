"""How reports look, in one place. An organisation overrides logo, colours and wording with a JSON file."""

import base64
import json
import re
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from mesh.settings import SettingError
from reporting_svc.domain.printable import unwritable
from reporting_svc.domain.wording import Wording, worded

MARKERS = ("circle", "square", "diamond", "triangle", "cross", "circle", "square", "diamond")
"""Of series, so that nobody needs colour to tell them apart."""

DASHES = ("", "7 3", "2 3", "9 3 2 3", "4 2", "1 2", "8 2 2 2 2 2", "3 3")

_MEDIA = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}
_LARGEST_LOGO = 512 << 10
_LONGEST_TEXT = 300
_COLOURS = ("accent", "ink", "muted", "line", "paper", "soft")


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours, fonts and words. Palette: Okabe and Ito's, darkened to a contrast of 3:1 on white."""

    organisation: str = "TTA Analytics"
    tagline: str = ""
    """Stands below the organisation: a department, say."""
    logo: str = ""
    """A data URL; empty for none."""
    footer: str = "Internal. Figures about players are protected by differential privacy."
    accent: str = "#1f5f8b"
    ink: str = "#1c2733"
    muted: str = "#52606d"
    line: str = "#d5dce3"
    paper: str = "#ffffff"
    soft: str = "#f3f6f9"
    font: str = "DejaVu Sans, Verdana, system-ui, sans-serif"
    palette: tuple[str, ...] = (
        "#0072b2",
        "#c4500a",
        "#00805c",
        "#9c4a7a",
        "#7a6a00",
        "#56606b",
        "#2480b0",
        "#882255",
    )

    wording: Wording = field(default_factory=Wording)

    def colour(self, index: int) -> str:
        """Return the colour of a series by its position."""
        return self.palette[index % len(self.palette)]


def load(path: Path | None) -> Theme:
    """Return the theme with an organisation's overrides: a JSON object of its fields; `logo` names a picture beside it.

    Raises:
        SettingError: where the file can't be read, names an unknown field, or holds a value that is no colour or no
            text that reports can show.
    """
    if path is None:
        return Theme()
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
        known = {one.name for one in fields(Theme)}
        if not isinstance(given, dict) or (unknown := sorted(set(given) - known)):
            raise ValueError(f"knows no {', '.join(unknown)}" if isinstance(given, dict) else "is no JSON object")
        if "palette" in given:
            given["palette"] = tuple(given["palette"])
            if not given["palette"]:
                raise ValueError("palette holds no colour")
        given |= {"wording": worded(given["wording"])} if "wording" in given else {}
        _check(given)
        if given.get("logo"):
            given["logo"] = _picture(path.parent / given["logo"])
        return replace(Theme(), **given)
    except (OSError, ValueError, TypeError) as error:
        raise SettingError("TTA_REPORT_THEME", f"{path}: {error}") from error


def _check(given: dict[str, Any]) -> None:
    for name, value in given.items():
        if name in {"palette", "wording"}:
            continue
        if not isinstance(value, str):
            raise ValueError(f"{name} is no text")
        if len(value) > _LONGEST_TEXT or unwritable(value):
            raise ValueError(f"{name} is longer than {_LONGEST_TEXT} characters or holds control characters")
    colours = [given[name] for name in _COLOURS if name in given]
    for colour in (*colours, *given.get("palette", ())):
        if not re.fullmatch(r"#[0-9a-fA-F]{6}", str(colour)):
            raise ValueError(f"{colour!r} is no colour; write #1f5f8b")
    if not re.fullmatch(r"[\w ,-]+", given.get("font", Theme().font)):
        raise ValueError("font holds more than names and commas; quotes are not needed")


def _picture(path: Path) -> str:
    media = _MEDIA.get(path.suffix.lower())
    if media is None:
        raise ValueError(f"{path.name} is no svg, png or jpeg")
    content = path.read_bytes()
    if len(content) > _LARGEST_LOGO:
        raise ValueError(f"{path.name} is larger than {_LARGEST_LOGO >> 10} kB")
    return f"data:{media};base64,{base64.b64encode(content).decode()}"

"""JSON: the model itself, as the protos name its fields."""

import json

from reporting_svc.adapters.render.theme import Theme
from reporting_svc.domain.plain import from_plain, to_plain
from reporting_svc.domain.report import Document


def render(document: Document, theme: Theme) -> bytes:
    """Return the document as JSON; the theme changes nothing."""
    return json.dumps(to_plain(document), ensure_ascii=False, separators=(",", ":")).encode()


def read(content: bytes) -> Document:
    """Return the document of its JSON."""
    return from_plain(Document, json.loads(content))

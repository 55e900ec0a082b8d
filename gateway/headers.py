"""The headers that keep browsers honest, on every answer."""

from gateway.exchange import Header

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Content policy of pages: nothing inline, nothing from elsewhere."""

_STYLED = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; frame-ancestors 'self'"

DOCUMENT_POLICY = f"sandbox; {_STYLED}"
"""Content policy of documents that services render (reports): styled, but without scripts and without an origin."""

PDF_POLICY = _STYLED
"""The same for PDF: browsers show nothing of one in a sandbox, as their viewers run in it, not the document."""

_ALWAYS: tuple[Header, ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)


def security_headers(*, secure: bool) -> list[Header]:
    """Return the headers of every answer; with TLS, also the one that keeps it."""
    transport = [(b"strict-transport-security", b"max-age=31536000")] if secure else []
    return [*_ALWAYS, *transport]


def content_policy(policy: str) -> Header:
    """Return the header of a content policy."""
    return b"content-security-policy", policy.encode()

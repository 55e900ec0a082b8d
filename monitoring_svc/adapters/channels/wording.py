"""What a message says, from its template."""

from jinja2 import Environment, PackageLoader

from monitoring_svc.domain.delivery import Delivery

_TEMPLATES = Environment(
    loader=PackageLoader("monitoring_svc.adapters.channels", "templates"),
    autoescape=False,  # noqa: S701 plain text only
)


def title(delivery: Delivery) -> str:
    """Return the one line of a message."""
    text = _TEMPLATES.get_template("title.txt").render(content=delivery.content)
    return " ".join(text.split())[:200]


def body(delivery: Delivery) -> str:
    """Return the text of a message."""
    return _TEMPLATES.get_template("body.txt").render(content=delivery.content).strip() + "\n"

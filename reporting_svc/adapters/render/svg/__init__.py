"""Charts as SVG for paper, e-mail and pages without scripts: the same values, palette and intervals as on screen."""

from reporting_svc.adapters.render.svg.draw import draw

__all__ = ["draw"]

"""One pure builder per type of report: the same snapshot gives the same document."""

from reporting_svc.domain.builders.build import Brief, build

__all__ = ["Brief", "build"]

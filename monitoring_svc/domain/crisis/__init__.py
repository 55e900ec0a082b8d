"""Crisis language, recognised by rules: pure, bounded, and always there."""

from monitoring_svc.domain.crisis.decision import Category, CrisisDecision, Layer, Severity, Span
from monitoring_svc.domain.crisis.recognise import Analysis, Finding, analyse, recognise

__all__ = ["Analysis", "Category", "CrisisDecision", "Finding", "Layer", "Severity", "Span", "analyse", "recognise"]

"""What became of the records of a source: counts by outcome, and why records were left out."""

from collections import Counter
from dataclasses import dataclass, field

from tta_analytics.client.ingest import Sent


@dataclass(slots=True)
class Tally:
    """Counts of one run over one kind of record."""

    read: int = 0
    """Records that the source gave."""
    unfinished: int = 0
    """Sessions that are neither completed nor idle for long enough; a later run takes them."""
    ready: int = 0
    """Records that were mapped and are good; in a dry run none of them is sent."""
    stored: int = 0
    unchanged: int = 0
    """Known before with the same content, or with newer content."""
    without_consent: int = 0
    """Records of players without consent to analytics, or whose own settings exclude them; not stored."""
    expired: int = 0
    """Records that went while they were being read."""
    alerts: int = 0
    """Alerts that signals opened or repeated."""
    refusals: Counter[str] = field(default_factory=Counter)
    """`field: reason` -> records left out. Never holds a value."""

    @property
    def left_out(self) -> int:
        """Records that could not be taken."""
        return self.refusals.total()

    def refuse(self, field: str, reason: str) -> None:
        """Count a record that is left out."""
        self.refusals[f"{field}: {reason}" if field else reason] += 1

    def count(self, sent: Sent) -> None:
        """Add what became of a batch of facts. What is known with other content of the same age counts as unchanged."""
        self.stored += sent.counts["stored"] + sent.counts["updated"]
        self.unchanged += sent.counts["unchanged"] + sent.counts["superseded"]
        self.without_consent += sent.counts["refused"]
        for one in sent.refused:
            if one.rule == "already_exists":
                self.unchanged += 1
            else:
                self.refuse(one.field, one.reason)

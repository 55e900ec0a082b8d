"""What became of the facts of one request."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IngestSummary:
    """Counts of facts; all but `received` add up to it."""

    received: int = 0
    stored: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    superseded: int = 0

    def __add__(self, other: "IngestSummary") -> "IngestSummary":
        """Return the counts of both together."""
        return IngestSummary(
            self.received + other.received,
            self.stored + other.stored,
            self.updated + other.updated,
            self.unchanged + other.unchanged,
            self.refused + other.refused,
            self.superseded + other.superseded,
        )

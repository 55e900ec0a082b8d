"""Pass only what exceeds what was passed lately: one alarm for one episode of novelty."""

from dataclasses import dataclass


@dataclass(slots=True)
class RunningMaximum:
    """A maximum that fades, halving every `half_life` points."""

    half_life: float
    height: float = 0.0

    def exceeding(self, score: float) -> float:
        """Return `score` where it exceeds the faded maximum (and becomes the maximum), else 0."""
        self.height *= 0.5 ** (1.0 / self.half_life)
        if score <= self.height:
            return 0.0
        self.height = score
        return score

"""The bound on the calls that a process has open."""

from mesh.refusal import ResourceExhausted


class Room:
    """Is entered by each call, and refuses those beyond the bound, which are counted as any other refusal."""

    def __init__(self, calls: int) -> None:
        """Let so many in at once."""
        self._calls, self._open = calls, 0

    def __enter__(self) -> None:
        """Take a place; raises ResourceExhausted where there is none."""
        if self._open >= self._calls:
            raise ResourceExhausted(
                "too_many_calls", "This process has as many calls open as it may; try again.", retry_after=1.0
            )
        self._open += 1

    def __exit__(self, *_: object) -> None:
        """Give it back."""
        self._open -= 1

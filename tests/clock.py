"""A clock that stands still until a test moves it."""


class Clock:
    """Seconds, `now`."""

    def __init__(self) -> None:
        """Stand at 100 seconds."""
        self.now = 100.0

    def __call__(self) -> float:
        """Return them."""
        return self.now

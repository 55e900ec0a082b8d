"""What files are called."""

import re

LONGEST = 40


def stem(title: str) -> str:
    """Return a title as part of a file name: letters and digits, at most LONGEST, cut between words."""
    name = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
    if len(name) > LONGEST:
        name = name[: LONGEST + 1].rpartition("-")[0] or name[:LONGEST]
    return name or "untitled"

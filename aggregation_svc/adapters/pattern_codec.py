"""Patterns as rows and back."""

from typing import Any

import sqlalchemy as sa

from aggregation_svc.adapters.release_codec import decode, encode
from aggregation_svc.adapters.tables import metadata
from aggregation_svc.domain.patterns.kinds import PatternKind
from aggregation_svc.domain.patterns.release import Pattern
from aggregation_svc.domain.patterns.segmentation import Coordinate, Segment
from aggregation_svc.domain.privacy.intervals import Figure
from mesh.columns import Json

user_behavior_patterns = sa.Table(
    "user_behavior_patterns",
    metadata,
    sa.Column("release_id", sa.Text, primary_key=True),
    sa.Column("pattern_type", sa.Text, primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("stability", sa.Double, nullable=False),
    sa.Column("players", Json, nullable=False),
    sa.Column("share", Json, nullable=False),
    sa.Column("centre", Json, nullable=False, comment="Features in order: name, figure, standing."),
)
"""The segments of releases. All of it is noisy; none of it is personal data."""


def row_of(release_id: str, pattern: Pattern) -> dict[str, Any]:
    """Return the row of a pattern."""
    segment = pattern.segment
    return {
        "release_id": release_id,
        "pattern_type": pattern.kind.value,
        "position": pattern.position,
        "name": segment.name,
        "stability": pattern.stability,
        "players": encode(segment.players),
        "share": encode(segment.share) or [],
        "centre": [[one.name, encode(one.value), one.standing] for one in segment.centre],
    }


def pattern_of(row: Any) -> Pattern:
    """Return the pattern that `row_of` wrote."""
    centre = tuple(Coordinate(name, Figure(*figure), standing) for name, figure, standing in row.centre)
    segment = Segment(row.name, Figure(*row.players), decode(row.share or None), centre)
    return Pattern(PatternKind(row.pattern_type), row.position, segment, row.stability)

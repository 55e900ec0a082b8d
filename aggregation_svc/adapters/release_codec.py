"""Cells as JSON and back: figures as short lists, in the order of their fields.

Lists of pairs and no objects: PostgreSQL's JSONB forgets the order of an object's keys.
"""

from typing import Any

from aggregation_svc.domain.cohorts import Cohort
from aggregation_svc.domain.privacy.intervals import Figure
from aggregation_svc.domain.release_plan import Level
from aggregation_svc.domain.release_statistics import Cell, MeasureFigures, RawMeasurement

Document = dict[str, Any]


def figures_of(cell: Cell) -> Document:
    """Return what a cell says, without its name."""
    if cell.hidden:
        return {"hidden": True}
    return {
        "players": encode(cell.players),
        "measures": [
            [name, encode(one.count), encode(one.sum), encode(one.mean), one.spread, one.cap]
            for name, one in cell.measures.items()
        ],
        "capped_share": encode(cell.capped_share),
        "outcomes": [[name, encode(figure)] for name, figure in cell.outcomes.items()],
        "outcome_shares": [[name, encode(figure)] for name, figure in cell.outcome_shares.items()],
        "success_rate": encode(cell.success_rate),
        "raw": [[raw.statistic, raw.scale, raw.sensitivity, list(raw.values)] for raw in cell.raw],
    }


def cell_of(level: str, cohort: Cohort, document: Document) -> Cell:
    """Return the cell that `figures_of` wrote."""
    if document.get("hidden"):
        return Cell(Level(level), cohort, hidden=True)
    return Cell(
        level=Level(level),
        cohort=cohort,
        hidden=False,
        players=decode(document["players"]),
        measures={
            name: MeasureFigures(Figure(*count), Figure(*total), decode(mean), spread, cap)
            for name, count, total, mean, spread, cap in document["measures"]
        },
        capped_share=decode(document["capped_share"]),
        outcomes={name: Figure(*figure) for name, figure in document["outcomes"]},
        outcome_shares={name: Figure(*figure) for name, figure in document["outcome_shares"]},
        success_rate=decode(document["success_rate"]),
        raw=tuple(RawMeasurement(name, scale, l1, tuple(values)) for name, scale, l1, values in document["raw"]),
    )


def encode(figure: Figure | None) -> list[Any] | None:
    """Return a figure as a list."""
    if figure is None:
        return None
    return [
        figure.value,
        figure.lower,
        figure.upper,
        figure.privacy_margin,
        figure.sampling_margin,
        figure.noise_scale,
        figure.uninformative,
    ]


def decode(values: list[Any] | None) -> Figure | None:
    """Return the figure of a list."""
    return None if values is None else Figure(*values)

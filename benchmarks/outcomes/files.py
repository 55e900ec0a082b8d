"""The courses as files that `tta-analytics import` takes, by the mapping that docs/prediction.md tells.

Run with `python -m benchmarks.outcomes.files FOLDER 2013B 2013J`. One enrolment is one player: its id names learner,
module and presentation.
"""

import csv
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aggregation_svc.domain.prediction.history import History
from benchmarks.asked import command_line
from benchmarks.outcomes.oulad import FOLDER, histories

FIRST = datetime(1970, 1, 1, tzinfo=UTC)

Row = dict[str, Any]


def written(folder: Path, players: Iterable[tuple[str, History]]) -> dict[str, int]:
    """Write sessions, progress, outcomes and consents as CSV; return the lines of each."""
    folder.mkdir(parents=True, exist_ok=True)
    kinds: dict[str, list[Row]] = {"sessions": [], "progress": [], "outcomes": [], "consents": []}
    for user, history in players:
        begun = FIRST + timedelta(days=history.entered)
        kinds["sessions"] += _sessions(user, begun, history)
        kinds["progress"] += _progress(user, begun, history)
        kinds["outcomes"] += _outcomes(user, begun, history)
        kinds["consents"].append(_consent(user, begun))
    for kind, rows in kinds.items():
        with (folder / f"{kind}.csv").open("w", newline="", encoding="utf-8") as file:
            table = csv.DictWriter(file, rows[0])
            table.writeheader()
            table.writerows(rows)
    return {kind: len(rows) for kind, rows in kinds.items()}


def _sessions(user: str, begun: datetime, history: History) -> Iterator[Row]:
    for number, play in enumerate(history.plays):
        yield {
            "user_id": user,
            "session_id": f"submission-{number}",
            "started_at": (begun + timedelta(days=play.day)).isoformat(),
            "therapeutic_focus": play.focus,
            "interaction_count": play.interactions,
            "therapeutic_interventions_count": play.interventions,
            "progress_markers_count": play.markers,
            "engagement_score": "" if play.engagement is None else play.engagement,
        }


def _progress(user: str, begun: datetime, history: History) -> Iterator[Row]:
    for standing in history.standings:
        yield {
            "user_id": user,
            "recorded_at": (begun + timedelta(days=standing.day)).isoformat(),
            "overall_progress": standing.overall_progress,
            "goal_completion_rate": standing.goal_completion,
        }


def _outcomes(user: str, begun: datetime, history: History) -> Iterator[Row]:
    for result in history.results:
        # A learner may leave before the course begins; facts lie on its first day or later.
        day = max(result.day, 0.0)
        yield {
            "user_id": user,
            "recorded_at": (begun + timedelta(days=day)).isoformat(),
            "outcome_category": result.category,
        }


def _consent(user: str, begun: datetime) -> Row:
    yes = ("data_collection_consent", "anonymous_analytics_enabled", "research_participation_consent")
    return {"player_id": user, "changed_at": begun.isoformat(), **dict.fromkeys(yes, "true")}


def players(presentations: tuple[str, ...], modules: Collection[str] = ()) -> Iterator[tuple[str, History]]:
    """Return each enrolment's id as a player, and what happened; no modules: all."""
    for presentation in presentations:
        for number, history in enumerate(histories((presentation,), FOLDER)):
            module = next((play.focus for play in history.plays), None)
            if not modules or module in modules:
                yield f"{history.subject}-{module or 'none'}-{presentation}-{number}", history


if __name__ == "__main__":
    parser = command_line("benchmarks.outcomes.files", __doc__)
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where the files go")
    parser.add_argument("presentations", nargs="+", metavar="PRESENTATION", help="as 2013B")
    asked = parser.parse_args()
    print(written(asked.folder, players(tuple(asked.presentations))))

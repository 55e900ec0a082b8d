"""Learners of the Open University as players: submissions are sessions, deadlines are progress, the result the outcome.

A player is one enrolment, because the outcome is one course's; the learner stays the subject, so that nobody is both
learned from and judged on.
"""

import csv
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from aggregation_svc.domain.prediction.history import History, Play, Result, Standing

FOLDER = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "oulad"
"""Where the tables lie: outside the project."""

CATEGORY = {"Distinction": "excellent", "Pass": "good", "Fail": "needs_attention", "Withdrawn": "needs_attention"}
"""Final results in the words of outcomes."""
START = {"B": (2, 1), "J": (10, 1)}
"""Month and day on which a presentation begins, by the letter after its year."""
END = 300.0
"""Day on which a result that is no withdrawal counts as recorded: after every course's end."""

Course = tuple[str, str]
"""Module and presentation."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """A piece of work that is due."""

    course: Course
    due: float | None
    """Day of the course; None where none is set."""
    weight: float
    kind: str


@dataclass(slots=True)
class Enrolment:
    """One learner in one course."""

    course: Course
    learner: int
    result: str
    left: float | None = None
    submissions: list[tuple[float, Assessment, float | None]] = field(default_factory=list)
    """(day, what, score in per cent)."""


def rows(name: str, folder: Path) -> list[dict[str, str]]:
    """Read one table."""
    with (folder / f"{name}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def histories(presentations: tuple[str, ...], folder: Path = FOLDER) -> list[History]:
    """Return the players of those presentations."""
    assessments = {
        row["id_assessment"]: Assessment(
            (row["code_module"], row["code_presentation"]),
            float(row["date"]) if row["date"] else None,
            float(row["weight"]),
            row["assessment_type"],
        )
        for row in rows("assessment", folder)
    }
    due = defaultdict(list)
    for one in assessments.values():
        if one.due is not None and one.kind != "Exam":
            due[one.course].append(one)
    enrolments = _enrolments(folder)
    for row in rows("student_assessment", folder):
        what = assessments[row["id_assessment"]]
        enrolment = enrolments.get((what.course, int(row["id_student"])))
        if enrolment and row["is_banked"] != "True":
            score = float(row["score"]) if row["score"] else None
            enrolment.submissions.append((float(row["date_submitted"]), what, score))
    return [history(one, due[one.course]) for one in enrolments.values() if one.course[1] in presentations]


def _enrolments(folder: Path) -> dict[tuple[Course, int], Enrolment]:
    enrolments = {}
    for row in rows("student", folder):
        course, learner = (row["code_module"], row["code_presentation"]), int(row["id_student"])
        enrolments[course, learner] = Enrolment(course, learner, row["final_result"])
    for row in rows("registration", folder):
        if row["date_unregistration"]:
            key = (row["code_module"], row["code_presentation"]), int(row["id_student"])
            enrolments[key].left = float(row["date_unregistration"])
    return enrolments


def history(enrolment: Enrolment, due: list[Assessment]) -> History:
    """Map one enrolment to a player's facts.

    A submission is a session: its focus is the module, its engagement score the mark, one intervention where a tutor
    marked it. Each deadline gives a progress snapshot: the share of work due so far that was handed in by then, and the
    mean mark over all work due so far, nothing for what was not handed in. The course's first day is the
    player's first fact.
    """
    module, presentation = enrolment.course
    submissions = sorted(enrolment.submissions, key=lambda one: one[0])
    plays = tuple(
        Play(
            max(day, 0.0),
            focus=module,
            interactions=1.0,
            interventions=1.0 if what.kind == "TMA" else 0.0,
            engagement=None if score is None else score / 100.0,
            markers=1.0 if what.due is None or day <= what.due else 0.0,
        )
        for day, what, score in submissions
    )
    standings = [Standing(0.0, 0.0, 0.0)]
    for moment in sorted({one.due for one in due if one.due is not None}):
        until = [one for one in due if one.due is not None and one.due <= moment]
        handed = {id(what): score or 0.0 for day, what, score in submissions if day <= moment}
        earned = sum(handed.get(id(one), 0.0) / 100.0 for one in until)
        done = sum(1 for one in until if id(one) in handed)
        standings.append(Standing(max(moment, 0.0), earned / len(until), done / len(until)))
    withdrawn = enrolment.result == "Withdrawn" and enrolment.left is not None
    ended = Result(enrolment.left if withdrawn and enrolment.left is not None else END, CATEGORY[enrolment.result])
    month, day = START[presentation[-1]]
    entered = (date(int(presentation[:4]), month, day) - date(1970, 1, 1)).days
    return History(enrolment.learner, float(entered), plays, tuple(standings), (ended,))

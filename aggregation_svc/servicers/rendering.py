"""Releases, cells and figures as protobuf."""

from collections.abc import Sequence

from tta.analytics.v1 import aggregation_pb2 as pb
from tta.analytics.v1 import common_pb2

from aggregation_svc.domain.patterns.release import Pattern
from aggregation_svc.domain.periods import Period
from aggregation_svc.domain.privacy.intervals import Figure
from aggregation_svc.domain.release_statistics import Cell, MeasureFigures
from aggregation_svc.domain.releases import Kind, Release
from mesh.protos import enum_value, timestamp
from mesh.refusal import Violation


def estimate(figure: Figure) -> common_pb2.Estimate:
    """Render a figure."""
    return common_pb2.Estimate(
        value=figure.value,
        lower=figure.lower,
        upper=figure.upper,
        privacy_margin=figure.privacy_margin,
        sampling_margin=figure.sampling_margin,
        uninformative=figure.uninformative,
        noise_scale=figure.noise_scale,
    )


def optional(figure: Figure | None) -> common_pb2.Estimate | None:
    """Render a figure that may be missing."""
    return None if figure is None else estimate(figure)


def period(value: Period | None) -> common_pb2.Period | None:
    """Render a period."""
    if value is None:
        return None
    return common_pb2.Period(start=timestamp(value.start), grain=grain(value))


def grain(value: Period) -> common_pb2.Grain.ValueType:
    """Render the length of a period."""
    return common_pb2.Grain.ValueType(enum_value(common_pb2.Grain, value.grain.value))


def category(name: str) -> common_pb2.OutcomeCategory.ValueType:
    """Render a category of outcome."""
    return common_pb2.OutcomeCategory.ValueType(enum_value(common_pb2.OutcomeCategory, name))


def measure_value(name: str) -> pb.Measure.ValueType:
    """Render the name of a measure."""
    return pb.Measure.ValueType(enum_value(pb.Measure, name))


def head(release: Release) -> pb.Release:
    """Render a release without its cells."""
    question, answer = release.question, release.answer
    return pb.Release(
        release_id=release.release_id,
        kind=pb.ReleaseKind.ValueType(enum_value(pb.ReleaseKind, question.kind.value)),
        period=period(question.period),
        revision=question.revision,
        plan_version=answer.plan_version,
        epsilon_micros=answer.epsilon_micro,
        delta=answer.delta,
        ledger_entry_id=str(release.ledger_entry_id),
        created_at=timestamp(release.created_at),
        notes=answer.notes,
    )


def retention(release: Release) -> pb.Retention:
    """Render a release of the retention kind."""
    content = release.answer.content
    return pb.Retention(
        release_id=release.release_id,
        period=period(release.question.period),
        subjects=estimate(Figure(*content["players"])),
        weeks=[
            pb.RetentionWeek(
                week=week,
                active=estimate(Figure(*active)),
                share=None if share is None else estimate(Figure(*share)),
            )
            for week, (active, share) in enumerate(zip(content["active"], content["shares"], strict=True))
        ],
    )


def released_cell(release: Release, value: Cell) -> pb.ReleasedCell:
    """Render a cell with where it comes from."""
    return pb.ReleasedCell(release_id=release.release_id, period=period(release.question.period), cell=cell(value))


def whole(release: Release, *, raw: bool = False) -> pb.Release:
    """Render a release with its cells."""
    message = head(release)
    if release.question.kind is Kind.RETENTION:
        message.retention.CopyFrom(retention(release))
    message.cells.extend(cell(one, raw=raw) for one in release.answer.cells)
    message.patterns.extend(pattern(release, one) for one in release.answer.patterns)
    return message


def pattern(release: Release, value: Pattern) -> pb.Pattern:
    """Render a segment of a release."""
    segment = value.segment
    return pb.Pattern(
        pattern_id=pattern_id(release, value),
        pattern_type=common_pb2.PatternType.ValueType(enum_value(common_pb2.PatternType, value.kind.value)),
        name=segment.name,
        release_id=release.release_id,
        period=period(release.question.period),
        subjects=estimate(segment.players),
        share=optional(segment.share),
        features=[
            pb.PatternFeature(name=one.name, value=estimate(one.value), standing=one.standing) for one in segment.centre
        ],
        stability=value.stability,
        created_at=timestamp(release.created_at),
    )


def pattern_id(release: Release, value: Pattern) -> str:
    """Return the id of a segment: it follows from its release and its place there."""
    return f"{release.release_id}:{value.kind}:{value.position}"


def cell(value: Cell, *, raw: bool = False) -> pb.Cell:
    """Render a cell."""
    cohort = value.cohort
    return pb.Cell(
        level=pb.CellLevel.ValueType(enum_value(pb.CellLevel, value.level.value)),
        therapeutic_focus=cohort.focus or "",
        session_frequency=cohort.frequency or "",
        engagement_level=cohort.level or "",
        subjects=optional(value.players),
        measures=[_measure(name, figures) for name, figures in value.measures.items()],
        outcomes=[
            pb.OutcomeCount(outcome_category=category(name), subjects=estimate(figure))
            for name, figure in value.outcomes.items()
        ],
        hidden=value.hidden,
        uninformative=value.uninformative,
        capped_share=optional(value.capped_share),
        raw=[
            pb.RawMeasurement(statistic=one.statistic, scale=one.scale, sensitivity=one.sensitivity, values=one.values)
            for one in (value.raw if raw else ())
        ],
    )


def _measure(name: str, figures: MeasureFigures) -> pb.MeasureFigures:
    return pb.MeasureFigures(
        measure=measure_value(name),
        count=estimate(figures.count),
        sum=estimate(figures.sum),
        mean=optional(figures.mean),
        spread=figures.spread,
        cap=figures.cap,
    )


def violations(found: Sequence[Violation]) -> list[common_pb2.Violation]:
    """Render what is wrong with records."""
    return [common_pb2.Violation(field=one.field, rule=one.rule, description=one.description) for one in found]

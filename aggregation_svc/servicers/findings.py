"""What analyses of releases found, rendered: trends by cohort, two cohorts side by side."""

from datetime import UTC, datetime

from tta.analytics.v1 import aggregation_pb2 as pb

from aggregation_svc.servicers import rendering
from aggregation_svc.usecases.analyze_cohorts import Analysis, CohortAnalysis
from aggregation_svc.usecases.compare_cohorts import Compared
from mesh.protos import timestamp


def comparison(found: Compared) -> pb.CompareCohortsResponse:
    """Render two cohorts side by side."""
    return pb.CompareCohortsResponse(
        left=rendering.released_cell(*found.left),
        right=rendering.released_cell(*found.right),
        comparisons=[
            pb.MeasureComparison(
                measure=rendering.measure_value(name),
                left=rendering.estimate(one.left),
                right=rendering.estimate(one.right),
                difference=rendering.estimate(one.difference),
                effect_size=rendering.optional(one.effect_size),
                verdict=one.verdict,
            )
            for name, one in found.comparison.measures.items()
        ],
        success_rate_difference=rendering.optional(found.comparison.success_rate_difference),
        may_share_players=found.may_share_players,
        summary=found.comparison.summary,
    )


def analysis(found: Analysis) -> pb.AnalyzeCohortsResponse:
    """Render the cohorts of a release with their trends."""
    release = found.release
    return pb.AnalyzeCohortsResponse(
        release_id=release.release_id,
        period=rendering.period(release.question.period),
        total_cohorts=len(found.cohorts),
        cohorts=[_cohort(one) for one in found.cohorts],
        analysis_timestamp=timestamp(datetime.now(UTC)),
    )


def _cohort(one: CohortAnalysis) -> pb.CohortAnalysis:
    return pb.CohortAnalysis(
        name=one.cell.cohort.name,
        cell=rendering.cell(one.cell),
        outcome_shares=[
            pb.OutcomeShare(outcome_category=rendering.category(name), share=rendering.estimate(share))
            for name, share in one.cell.outcome_shares.items()
        ],
        success_rate=rendering.optional(one.cell.success_rate),
        trends=[
            pb.MeasureTrend(
                measure=rendering.measure_value(name),
                slope=rendering.estimate(trend.slope),
                releases=trend.releases,
                verdict=trend.verdict,
            )
            for name, trend in one.trends.items()
        ],
    )

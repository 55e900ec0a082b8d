"""Private statistics out, and the account that pays for them."""

from typing import NamedTuple

from tta.analytics.v1 import (
    aggregation_pb2,
    aggregation_pb2_grpc,
    legacy_aggregation_pb2,
    legacy_aggregation_pb2_grpc,
)

from aggregation_svc.adapters.account_figures import AccountFigures
from aggregation_svc.adapters.diary import SqlDiary
from aggregation_svc.adapters.ledger import Ledger
from aggregation_svc.adapters.mechanism import PooledMechanism
from aggregation_svc.adapters.period_facts import SqlPeriodFacts
from aggregation_svc.adapters.release_store import SqlReleases
from aggregation_svc.bootstrap.foundation import Foundation
from aggregation_svc.bootstrap.ingestion import WayIn
from aggregation_svc.bootstrap.part import Part, Work
from aggregation_svc.domain.privacy.accountant import MICRO
from aggregation_svc.domain.privacy.noise import Noise
from aggregation_svc.domain.release_plan import ReleasePlan
from aggregation_svc.release_ports import PeriodFacts
from aggregation_svc.servicers.aggregation import AggregationServicer, StatisticsCalls
from aggregation_svc.servicers.legacy import LegacyServicer
from aggregation_svc.usecases.admitted import ConsentBasis
from aggregation_svc.usecases.aggregate_behavior import AggregateBehavior, Recorder
from aggregation_svc.usecases.analyze_cohorts import AnalyzeCohorts
from aggregation_svc.usecases.answered_once import AnsweredOnce
from aggregation_svc.usecases.compare_cohorts import CompareCohorts
from aggregation_svc.usecases.create_release import CreateRelease, ReleaseTerms
from aggregation_svc.usecases.create_retention import CreateRetention
from aggregation_svc.usecases.get_budget import GetBudget, ListCharges, RaiseCap
from aggregation_svc.usecases.get_progress_viz import GetProgressViz
from aggregation_svc.usecases.get_release import GetRelease
from aggregation_svc.usecases.get_retention import GetRetention
from aggregation_svc.usecases.list_patterns import ListPatterns
from aggregation_svc.usecases.list_releases import ListReleases
from aggregation_svc.usecases.one_request import OneRequest
from aggregation_svc.usecases.query_cohorts import QueryCohorts
from mesh.database import Database
from mesh.figures import reading
from mesh.pseudonyms import canonical_user_id
from mesh.telemetry import gauge
from mesh.workers import NumericPool

WAITING = gauge("releases_waiting", "Releases and inline batches that are computed or wait for their turn")
ON_SPARK = gauge("spark_waiting", "Questions that Spark computes, or that wait for their turn or their exports there")


class Account(NamedTuple):
    """What the account of privacy loss is asked by."""

    budget: GetBudget
    raise_cap: RaiseCap
    charges: ListCharges


def releasing(
    on: Foundation, way_in: WayIn, plan: ReleasePlan, noise: Noise | None, pool: NumericPool
) -> tuple[tuple[Part, ...], Account]:
    """Wire private statistics out, and the account that pays for them."""
    settings = on.settings
    ledger = Ledger(on.database, round(settings.epsilon_budget * MICRO))
    standby = None
    if settings.database_read_url is not None:
        standby = Database(settings.database_read_url, pool_size=settings.database_pool_size)
    releases = SqlReleases(on.database, ledger, on.audit, on.idempotency, standby, facts=on.store.joined)
    terms = ReleaseTerms(plan, settings.focus_names, settings.min_cohort, settings.period_grace)
    mechanism = PooledMechanism(pool, noise)
    query, patterns = QueryCohorts(releases), ListPatterns(releases)
    once = AnsweredOnce(releases)
    WAITING.set_function(lambda: once.waiting)
    aggregate = AggregateBehavior(releases, mechanism, _recorder(on, way_in), terms, once)
    a_month = plan.cohorts_micro + plan.retention_micro
    figures = AccountFigures(on.database, ledger, monthly_micro=a_month, grace=settings.period_grace)
    facts, closing = _period_facts(on)
    if standby is not None:
        closing = (*closing, standby.close)
    calls = StatisticsCalls(
        create=CreateRelease(releases, facts, mechanism, terms, once),
        get=GetRelease(releases),
        listed=ListReleases(releases),
        query=query,
        analyze=AnalyzeCohorts(releases),
        aggregate=aggregate,
        compare=CompareCohorts(releases),
        create_retention=CreateRetention(releases, facts, mechanism, terms, once, weeks=settings.retention_weeks),
        get_retention=GetRetention(releases),
        patterns=patterns,
        progress=GetProgressViz(SqlDiary(on.store), canonical_user_id, on.clock),
        once=OneRequest(releases, on.identity.hashes),
    )
    statistics = Part(
        aggregation_pb2.DESCRIPTOR.services_by_name["AggregationService"],
        aggregation_pb2_grpc.add_AggregationServiceServicer_to_server,
        AggregationServicer(calls),
        background=(reading(figures),),
        drain=once.drain,
        closing=closing,
    )
    legacy = Part(
        legacy_aggregation_pb2.DESCRIPTOR.services_by_name["AggregationLegacyService"],
        legacy_aggregation_pb2_grpc.add_AggregationLegacyServiceServicer_to_server,
        LegacyServicer(aggregate, query, patterns),
    )
    account = Account(GetBudget(releases, plan), RaiseCap(releases, on.identity.hashes), ListCharges(releases))
    return (statistics, legacy), account


def _recorder(on: Foundation, way_in: WayIn) -> Recorder:
    basis = ConsentBasis.ASSERTED if way_in.anyone_may_assert else ConsentBasis.REQUIRED
    hashes = on.identity.hashes
    return Recorder(
        on.store, way_in.batches, way_in.sessions, way_in.moments, hashes, canonical_user_id, on.clock, basis
    )


def _period_facts(on: Foundation) -> tuple[PeriodFacts, tuple[Work, ...]]:
    """Return where releases read bounded facts, and what closes it.

    Raises:
        SettingError: Spark is asked for and it, Java, or a folder that all replicas share is missing.
    """
    in_database = SqlPeriodFacts(on.database)
    if on.settings.release_engine == "database":
        return in_database, ()
    from aggregation_svc.adapters.spark_engine import SparkEngine, require_spark
    from aggregation_svc.adapters.spark_facts import SparkPeriodFacts

    exports = on.exports()
    require_spark()
    spark = SparkPeriodFacts(exports, SparkEngine(on.settings.spark_master), in_database)
    ON_SPARK.set_function(lambda: spark.waiting)
    return spark, (spark.close,)

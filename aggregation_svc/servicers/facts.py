"""Facts from their messages to domain values."""

from google.protobuf.timestamp_pb2 import Timestamp
from tta.analytics.v1 import common_pb2, facts_pb2, ingestion_pb2

from aggregation_svc.domain.cohorts import FREQUENCY_SYNONYMS
from aggregation_svc.domain.facts import Outcome, ProgressSnapshot, Session, level, name
from aggregation_svc.usecases.admitted import ConsentBasis
from mesh.protos import enum_name


def micros(message: Timestamp) -> int:
    """Return microseconds since 1970; a finer part is cut off."""
    return message.seconds * 1_000_000 + message.nanos // 1000


def session(message: facts_pb2.Session) -> Session:
    """Return a session; the hot path of ingest: only of a zero or an empty text it is asked whether it was given."""
    given, began = message.HasField, message.started_at
    return Session(
        message.user_id,
        text if (text := message.session_id) or given("session_id") else None,
        began.seconds * 1_000_000 + began.nanos // 1000,
        minutes if (minutes := message.duration_minutes) or given("duration_minutes") else None,
        turns if (turns := message.interaction_count) or given("interaction_count") else None,
        offers
        if (offers := message.therapeutic_interventions_count) or given("therapeutic_interventions_count")
        else None,
        marks if (marks := message.progress_markers_count) or given("progress_markers_count") else None,
        engagement if (engagement := message.engagement_score) or given("engagement_score") else None,
        sentiment if (sentiment := message.sentiment_score) or given("sentiment_score") else None,
        name(focus) if (focus := message.therapeutic_focus) else None,
        FREQUENCY_SYNONYMS.get(frequency) if (frequency := message.session_frequency) else None,
        level(engaged) if (engaged := message.engagement_level) else None,
        micros(message.updated_at) if given("updated_at") else None,
    )


def snapshot(message: facts_pb2.ProgressSnapshot) -> ProgressSnapshot:
    """Return a progress snapshot."""
    given = message.HasField
    return ProgressSnapshot(
        message.user_id,
        micros(message.recorded_at),
        message.overall_progress if given("overall_progress") else None,
        message.goal_completion_rate if given("goal_completion_rate") else None,
        level(message.engagement_level) if message.engagement_level else None,
        message.total_sessions if given("total_sessions") else None,
    )


def outcome(message: facts_pb2.TherapeuticOutcome) -> Outcome:
    """Return an outcome."""
    given = message.HasField
    return Outcome(
        message.user_id,
        micros(message.recorded_at),
        enum_name(common_pb2.OutcomeCategory, message.outcome_category) or None,
        message.therapeutic_goals_achieved if given("therapeutic_goals_achieved") else None,
        name(message.instrument) if message.instrument else None,
        message.score if given("score") else None,
    )


def consent_basis(value: int) -> ConsentBasis:
    """Return how the sender knows of consent; not given is required."""
    asserted = value == ingestion_pb2.CONSENT_BASIS_ASSERTED
    return ConsentBasis.ASSERTED if asserted else ConsentBasis.REQUIRED

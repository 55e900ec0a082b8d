"""Messages of sessions read and validated in one go; the hot path of ingest.

Validating 500 sessions by the rules of the contract takes longer than reading or hashing them. So each is compared with
the rules' limits, which come from the contract, while its values are at hand; where one may break a rule, the whole
message is validated as every other one is, and refused in the same words.
"""

from collections.abc import Iterator
from typing import Any

from buf.validate import validate_pb2
from tta.analytics.v1 import facts_pb2, ingestion_pb2

from aggregation_svc.domain.facts import Session
from aggregation_svc.servicers import facts
from mesh.interceptors.validation import keeps_rules, validate


def _rules(field: str, message: Any = facts_pb2.Session) -> Any:
    rules = message.DESCRIPTOR.fields_by_name[field].GetOptions().Extensions[validate_pb2.field]
    return getattr(rules, rules.WhichOneof("type"))


def _limits(field: str) -> tuple[float, float]:
    rules = _rules(field)
    return rules.gte, rules.lte


_LONGEST_ID, _LONGEST_NAME = _rules("user_id").max_len, _rules("session_id").max_len
_LONGEST_FOCUS = _rules("therapeutic_focus").max_len
_SHORTEST, _LONGEST = _limits("duration_minutes")
_LEAST_TURNS, _MOST_TURNS = _limits("interaction_count")
_LEAST_OFFERS, _MOST_OFFERS = _limits("therapeutic_interventions_count")
_LEAST_MARKS, _MOST_MARKS = _limits("progress_markers_count")
_LEAST_ENGAGED, _MOST_ENGAGED = _limits("engagement_score")
_WORST, _BEST = _limits("sentiment_score")
_FREQUENCIES = frozenset(getattr(_rules("session_frequency"), "in"))
_LEVELS = frozenset(getattr(_rules("engagement_level"), "in"))
_MOST_SESSIONS = _rules("sessions", ingestion_pb2.IngestSessionsRequest).max_items


def sessions(request: ingestion_pb2.IngestSessionsRequest) -> Iterator[Session]:
    """Yield the sessions of a message; raises InvalidArgument, listing every violation, where any breaks a rule."""
    head = ingestion_pb2.IngestSessionsRequest(request_id=request.request_id, consent_basis=request.consent_basis)
    validated = len(request.sessions) > _MOST_SESSIONS or not keeps_rules(head)
    if validated:
        validate(request)
    for message in request.sessions:
        session = facts.session(message)
        if not (validated or surely_right(message, session)):
            validate(request)
            validated = True
        yield session


def surely_right(message: facts_pb2.Session, session: Session) -> bool:
    """Return whether a message, read as `session`, keeps every rule of the contract; False where in doubt."""
    user, name, _, minutes, turns, offers, marks, engagement, sentiment, _, frequency, level, _ = session
    return bool(
        0 < len(user) <= _LONGEST_ID
        and (name is None or 0 < len(name) <= _LONGEST_NAME)
        and message.HasField("started_at")
        and (minutes is None or _SHORTEST <= minutes <= _LONGEST)
        and (turns is None or _LEAST_TURNS <= turns <= _MOST_TURNS)
        and (offers is None or _LEAST_OFFERS <= offers <= _MOST_OFFERS)
        and (marks is None or _LEAST_MARKS <= marks <= _MOST_MARKS)
        and (engagement is None or _LEAST_ENGAGED <= engagement <= _MOST_ENGAGED)
        and (sentiment is None or _WORST <= sentiment <= _BEST)
        and (0 < len(message.therapeutic_focus) <= _LONGEST_FOCUS or not message.HasField("therapeutic_focus"))
        # Only what the contract knows has a meaning here; the message is read again where it has none.
        and (frequency or message.session_frequency in _FREQUENCIES or not message.HasField("session_frequency"))
        and (level in _LEVELS or message.engagement_level in _LEVELS or not message.HasField("engagement_level"))
    )

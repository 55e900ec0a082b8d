"""Requests whose answer is never kept, but which count once all the same."""

from aggregation_svc.ports import Actor, Facts, Question


async def repeated(
    facts: Facts, actor: Actor, call: str, request_id: str, fingerprint: bytes, subject_id: int | None
) -> bool:
    """Return whether this request was made before, and remember it; an empty id is always new.

    Raises:
        AlreadyExists: the id was used for another request.
    """
    if not request_id:
        return False
    question = Question(actor.name, call, request_id, fingerprint)
    if await facts.replayed(question) is not None:
        return True
    await facts.remember(question, {}, subject_id)
    return False

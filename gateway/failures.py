"""Refusals that only HTTP knows."""

from gateway.transcoding.problems import Problem


class Failure(Exception):
    """A request that ends here with a problem document."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail)
        self.problem = problem


def not_found() -> Failure:
    """Nothing lives at this path."""
    return Failure(Problem(404, "no_such_path", "Nothing lives at this path. /docs lists what there is."))


def wrong_method(allowed: tuple[str, ...]) -> Failure:
    """The path exists, under other methods."""
    return Failure(Problem(405, "wrong_method", f"This path takes {', '.join(allowed)}."))


def body_too_large(limit: int) -> Failure:
    """The body is over the limit."""
    return Failure(Problem(413, "body_too_large", f"A body has at most {limit} bytes. Send less at once."))


def body_too_slow() -> Failure:
    """The body took longer than its time."""
    return Failure(Problem(408, "body_too_slow", "The body did not come whole in time. Send less at once."))


def not_json() -> Failure:
    """The body has another type than the one that calls take."""
    return Failure(Problem(415, "not_json", "Send the body as Content-Type: application/json, not compressed."))


def not_acceptable(offered: str) -> Failure:
    """The caller accepts nothing that this path offers."""
    return Failure(Problem(406, "not_acceptable", f"This path answers {offered}."))


def foreign_origin() -> Failure:
    """A page of another site asks in the reader's name."""
    return Failure(
        Problem(
            403, "foreign_origin", "Pages of other sites may not do this. TTA_GATEWAY_ORIGINS lists those that may."
        )
    )


def misdirected() -> Failure:
    """Sent to a name that is not ours."""
    detail = "While authentication is off, only this machine's own names lead here. TTA_AUTH_OFF_BIND opens others."
    return Failure(Problem(421, "misdirected", detail))


def csrf() -> Failure:
    """A write by cookie without its token."""
    return Failure(Problem(403, "csrf_token_missing", "A write by cookie needs its token in the X-CSRF-Token header."))


def silent() -> Failure:
    """A stream said nothing within the time limit, not even where it starts."""
    return Failure(Problem(504, "stream_silent", "The service did not open the stream in time. Try again shortly."))


def internal() -> Failure:
    """The gateway itself failed."""
    return Failure(Problem(500, "internal", "The gateway failed. Its log has the trace id."))


def too_many(retry_after: float) -> Failure:
    """The caller has used up its rate."""
    detail = "Too many requests from this caller. Wait as long as Retry-After says."
    return Failure(Problem(429, "rate_limited", detail, retry_after=retry_after))

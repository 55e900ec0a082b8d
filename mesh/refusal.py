"""The one root error: a request that is refused, with the words its sender needs.

Pure, so that every room of every service may raise it; the error interceptor turns it into a `google.rpc.Status`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Violation:
    """What is wrong with one field of a request."""

    field: str
    """Path from the request's root, with indexes from 0: `sessions[3].duration_minutes`."""
    rule: str
    """The rule that it broke, for machines."""
    description: str
    """What is wrong and what would be right, for people. Never holds a player's id or text."""


class Refusal(Exception):
    """A request that is refused. Raise one of the subclasses."""

    code: ClassVar[str] = "UNKNOWN"
    """Name of the gRPC status code."""

    def __init__(
        self,
        reason: str,
        message: str,
        *,
        violations: Sequence[Violation] = (),
        metadata: Mapping[str, str] | None = None,
        retry_after: float | None = None,
    ) -> None:
        """Refuse for `reason` (lower snake case, stable), telling people `message`; retry after so many seconds."""
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.violations = tuple(violations)
        self.metadata = dict(metadata or {})
        self.retry_after = retry_after


class InvalidArgument(Refusal):
    """The request is wrong whatever the state of the system."""

    code = "INVALID_ARGUMENT"


class NotFound(Refusal):
    """What the request names does not exist."""

    code = "NOT_FOUND"


class AlreadyExists(Refusal):
    """What the request would create exists with other content."""

    code = "ALREADY_EXISTS"


class FailedPrecondition(Refusal):
    """The system is not in the state that the request needs; the message says how to get there."""

    code = "FAILED_PRECONDITION"


class PermissionDenied(Refusal):
    """The caller is known and may not do this."""

    code = "PERMISSION_DENIED"


class Unauthenticated(Refusal):
    """The caller is not known."""

    code = "UNAUTHENTICATED"


class ResourceExhausted(Refusal):
    """A limit, a queue or a budget is used up."""

    code = "RESOURCE_EXHAUSTED"


class OutOfRange(Refusal):
    """A cursor or position lies outside what is kept."""

    code = "OUT_OF_RANGE"


class Aborted(Refusal):
    """A concurrent change won; the request may be sent again."""

    code = "ABORTED"


class Unavailable(Refusal):
    """Something that this call needs is away for now."""

    code = "UNAVAILABLE"

"""What a request holds that its proto does not allow, field by field."""

from collections.abc import Iterable

from mesh.refusal import InvalidArgument, Violation


class Mismatch(Exception):
    """Values that do not fit their fields. Carries one or more violations; paths grow as it travels outwards."""

    def __init__(self, violations: Iterable[Violation]) -> None:
        self.violations = tuple(violations)
        super().__init__(self.violations)

    @classmethod
    def of(cls, rule: str, description: str) -> "Mismatch":
        """Say what is wrong with the value at hand."""
        return cls([Violation("", rule, description)])

    def under(self, prefix: str) -> "Mismatch":
        """Return the same below the field or index `prefix`: `sessions`, `[3]`."""
        return Mismatch(Violation(_join(prefix, each.field), each.rule, each.description) for each in self.violations)

    def refusal(self) -> InvalidArgument:
        """Return the refusal that tells the caller."""
        first = self.violations[0]
        where = f"{first.field}: " if first.field else ""
        return InvalidArgument("malformed_request", f"{where}{first.description}", violations=self.violations)


def _join(prefix: str, rest: str) -> str:
    return f"{prefix}{rest}" if not rest or rest.startswith("[") else f"{prefix}.{rest}"

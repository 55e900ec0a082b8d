"""The keys in the settings that players are known and sealed under, and which of them a row is under."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mesh.pseudonyms import Pseudonymizer, Sealer

_PAIR = 256


def pair(pseudonym: int, seal: int) -> int:
    """Return the versions of two keys (0 to 255) as one number; 0 stands for not known."""
    return pseudonym * _PAIR + seal


def unpaired(versions: int) -> tuple[int, int]:
    """Return the versions of the pseudonym's key and of the seal's."""
    return divmod(versions, _PAIR)


@dataclass(frozen=True, slots=True)
class SubjectKeys:
    """The keys of pseudonyms and seals."""

    pseudonyms: Pseudonymizer
    sealer: Sealer

    @property
    def versions(self) -> int:
        """The versions that new rows are under, as a pair."""
        return pair(self.pseudonyms.active, self.sealer.active)

    def older(self, versions: int) -> bool:
        """Return whether a row that is under these is to be moved. Never back: other replicas may be ahead."""
        pseudonym, seal = unpaired(versions)
        return pseudonym < self.pseudonyms.active or seal < self.sealer.active

    def all(self, user_id: str) -> Sequence[bytes]:
        """Return a player's pseudonym under every key that is known, the active one first."""
        return tuple(self.pseudonyms.all(user_id).values())

    def columns(self, user_id: str, alert_id: str) -> Mapping[str, Any]:
        """Return what the row of an alert holds of its player's seal."""
        return {"sealed_subject": self.sealer.seal(user_id, alert_id), "key_versions": self.versions}

"""Who a canonical id is here: lookup keys under every key in use, a seal, a tombstone's mark."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from aggregation_svc.domain.keyed_hash import KeyedHash
from mesh.pseudonyms import Pseudonymizer, Sealer


def random_subject_id() -> int:
    """Return a number that tells nothing: 63 random bits."""
    return secrets.randbits(63)


@dataclass(frozen=True, slots=True)
class Identity:
    """The keys that link ids to subjects."""

    pseudonyms: Pseudonymizer
    sealer: Sealer
    hashes: KeyedHash
    new_subject_id: Callable[[], int] = random_subject_id

    def seal(self, canonical_id: str, subject_id: int) -> bytes:
        """Return the id sealed for its subject alone."""
        return self.sealer.seal(canonical_id, binding(subject_id))

    def unseal(self, sealed: bytes, subject_id: int) -> str:
        """Return the canonical id of a subject's seal.

        Raises:
            FailedPrecondition: the key is not in the settings, or the seal is not this subject's.
        """
        return self.sealer.open(sealed, binding(subject_id))


def binding(subject_id: int) -> str:
    """Return what the seal of a subject is bound to."""
    return f"subject {subject_id}"

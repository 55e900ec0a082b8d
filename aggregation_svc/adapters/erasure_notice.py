"""Telling the log stream who was erased, by a number that leads to nobody here any more.

In a backup that is older than the erasure it does: whoever restores one learns from these lines whom to erase again.
"""

import logging

from mesh.logs import allow

_LOG = logging.getLogger(__name__)

allow("erasure_id", "erased_subject")


def notice(erasure_id: str, subject_id: int) -> None:
    """Say that the subject of this number was erased. A warning, so that no usual level of the log leaves it out.

    In digits: it has more of them than a JSON number keeps in some readers.
    """
    _LOG.warning("subject_erased", extra={"erasure_id": erasure_id, "erased_subject": str(subject_id)})

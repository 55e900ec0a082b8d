"""How settings are written: durations, lists, ports, versioned keys. Each parser raises ValueError in words."""

import re
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, Field

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86400.0}


def parse_duration(value: object) -> object:
    """Read `200ms`, `30s`, `15min`, `48h`, `7d` or a bare number of seconds as a `timedelta`."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return timedelta(seconds=value)
    if not isinstance(value, str):
        return value
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(ms|s|min|m|h|d)?", value.strip())
    if match is None:
        raise ValueError("is no duration; write a number and ms, s, min, h or d, as in 48h")
    return timedelta(seconds=float(match[1]) * _UNITS[match[2] or "s"])


def split_names(value: object) -> object:
    """Read a comma-separated list; empty items are left out."""
    if isinstance(value, str):
        return tuple(item.strip() for item in value.split(",") if item.strip())
    return value


Duration = Annotated[timedelta, BeforeValidator(parse_duration)]
"""A length of time, written `200ms`, `30s`, `15min`, `48h`, `7d` or as seconds."""

Names = Annotated[tuple[str, ...], BeforeValidator(split_names)]
"""A comma-separated list of names."""

Port = Annotated[int, Field(ge=0, le=65535)]
"""A TCP port; 0 takes a free one."""


_KEY = re.compile(r"([0-9]+)(\*?):(.*)", re.DOTALL)


def parse_keys(text: str) -> tuple[dict[int, bytes], int]:
    """Return the secrets by version (1 to 255) and the active version: the one with a star, else the highest.

    `1*:SECRET,2:SECRET`, or a bare secret, which is version 1. Raises ValueError, which never quotes a secret.
    """
    keys: dict[int, bytes] = {}
    marked: list[int] = []
    for part in (part.strip() for part in text.split(",")):
        written = _KEY.fullmatch(part)
        version, secret = (int(written[1]), written[3]) if written else (1, part)
        if not 1 <= version <= 255:
            raise ValueError("has a key version outside 1 to 255")
        if version in keys:
            raise ValueError(f"has key version {version} twice")
        if len(secret.encode()) < 32:
            raise ValueError("has a key shorter than 32 bytes; make one with `openssl rand -base64 48`")
        keys[version] = secret.encode()
        if written and written[2]:
            marked.append(version)
    if len(marked) > 1:
        raise ValueError("has more than one version with a star; one is active")
    return keys, marked[0] if marked else max(keys)

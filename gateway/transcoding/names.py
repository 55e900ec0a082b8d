"""The short names of enum values: `SEVERITY_HIGH` of `Severity` is written `high`."""

import re
from collections.abc import Mapping
from functools import cache

from google.protobuf.descriptor import EnumDescriptor

_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@cache
def short_names(enum: EnumDescriptor) -> Mapping[int, str]:
    """Return the short lower-case name of each value by number; the unspecified one (0) is not among them."""
    prefix = _WORDS.sub("_", enum.name).upper() + "_"
    return {value.number: value.name.removeprefix(prefix).lower() for value in enum.values if value.number}


@cache
def numbers(enum: EnumDescriptor) -> Mapping[str, int]:
    """Return the number of each value by short name."""
    return {name: number for number, name in short_names(enum).items()}

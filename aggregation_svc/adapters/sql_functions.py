"""The two functions of the bounding plan that databases spell differently."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler


class whole(sa.sql.functions.GenericFunction[int]):  # noqa: N801
    """A number that is not negative with its fraction dropped."""

    type = sa.BigInteger()
    inherit_cache = True


class bytewise(sa.sql.functions.GenericFunction[str]):  # noqa: N801
    """A text that is compared byte by byte, whatever the database's language."""

    type = sa.Text()
    inherit_cache = True


@compiles(bytewise)
def _as_it_is(element: bytewise, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.clauses, **options)


@compiles(bytewise, "postgresql")
def _collated(element: bytewise, compiler: SQLCompiler, **options: Any) -> str:
    return f'({compiler.process(element.clauses, **options)}) COLLATE "C"'


@compiles(whole)
def _floor(element: whole, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST(floor({compiler.process(element.clauses, **options)}) AS BIGINT)"


@compiles(whole, "sqlite")
def _truncate(element: whole, compiler: SQLCompiler, **options: Any) -> str:
    # SQLite's floor() is an optional extension; its cast drops the fraction.
    return f"CAST({compiler.process(element.clauses, **options)} AS INTEGER)"

"""A plan in DuckDB's SQL: compiled for PostgreSQL, then transpiled.

DuckDB compares texts byte by byte, so that collations fall away; its literals with a point are decimals, which are
made floats, as they are in the databases.
"""

from typing import Any

import sqlalchemy as sa
import sqlglot
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Dialect
from sqlglot import expressions as ast


def transpiled(plan: sa.Select[Any]) -> str:
    """Return the plan as one statement over tables of the same names without a schema."""
    dialect: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    compiled = plan.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    tree: Any = sqlglot.parse_one(str(compiled), read="postgres")
    return str(tree.transform(_plainer).sql(dialect="duckdb"))


def _plainer(node: Any) -> Any:
    match node:
        case ast.Collate():
            return node.this
        case ast.Table() | ast.Column():
            node.set("db", None)
        case ast.Literal() if not node.is_string and not node.is_int:
            return ast.cast(node.copy(), "double") if not isinstance(node.parent, ast.Cast) else node
    return node

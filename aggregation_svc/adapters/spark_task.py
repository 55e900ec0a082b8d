"""What a task of Spark does: a plan over the facts of one bucket of subjects, by DuckDB.

The function is sent by value: an executor needs DuckDB with PyArrow, and none of our code.
"""

_SETTINGS: dict[str, str | bool | int | float | list[str]] = {"threads": 1, "autoinstall_known_extensions": False}
"""Spark runs a task for each processor; nothing is fetched."""


def rows_of(task: tuple[str, str]) -> bytes:
    """Run statements that make tables, then one that reads them; return its rows as a stream of Arrow."""
    import duckdb
    import pyarrow as pa

    with duckdb.connect(config=_SETTINGS) as engine:
        engine.execute(task[0])
        rows: pa.Table = engine.query(task[1]).to_arrow_table()
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, rows.schema) as stream:
        stream.write_table(rows)
    return bytes(sink.getvalue())

"""Tables as pages show them: intervals in one column, what every row repeats in the title, as long as there is room."""

from dataclasses import replace

from reporting_svc.domain.analysis.words import number, percent
from reporting_svc.domain.report import Cell, Column, ColumnKind, Table

SPARE_ROWS = 3
"""A table that is longer by so few is shown whole: a year of months with a quarter of forecast, say."""

MOST_COLUMNS = 9
"""Columns that lie side by side on paper; wider tables are broken into parts below each other."""


def numeric(column: Column) -> bool:
    """Return whether a column holds numbers."""
    return column.kind in {ColumnKind.INTEGER, ColumnKind.NUMBER, ColumnKind.SHARE}


def header(column: Column) -> str:
    """Return title and unit of a column."""
    return (
        f"{column.title} ({column.unit})" if column.unit and column.unit not in column.title.lower() else column.title
    )


def cell(content: Cell, column: Column) -> str:
    """Write a cell by the kind of its column."""
    if content is None:
        return ""
    if isinstance(content, str):
        return content.replace("T", " ").removesuffix("Z") if column.kind is ColumnKind.TIME else content
    match column.kind:
        case ColumnKind.SHARE:
            return percent(content)
        case ColumnKind.INTEGER:
            return f"{content:,.0f}"
        case _:
            return number(float(content))


def brief(table: Table) -> Table:
    """Return a table with its intervals in one column, and without columns that are empty or say the same in every row.

    What the words before the numbers repeat is told in the title.
    """
    return _with_intervals(_without_repeats(table))


def _with_intervals(table: Table) -> Table:
    names = [column.column_id for column in table.columns]
    if "lower" not in names or "upper" not in names:
        return table
    low, high = names.index("lower"), names.index("upper")
    ends = table.columns[low], table.columns[high]

    def joined(row: tuple[Cell, ...]) -> tuple[Cell, ...]:
        known = row[low] is not None and row[high] is not None
        words = f"{cell(row[low], ends[0])} to {cell(row[high], ends[1])}" if known else None
        return (*row[:low], words, *row[high + 1 :])

    interval = replace(ends[0], column_id="interval", title="95 % interval")
    columns = (*table.columns[:low], interval, *table.columns[high + 1 :])
    return replace(table, columns=columns, rows=tuple(joined(row) for row in table.rows))


def _without_repeats(table: Table) -> Table:
    if len(table.rows) < 2:
        return table
    first, count = table.rows[0], len(table.columns)
    naming = next((at for at, column in enumerate(table.columns) if numeric(column)), 0)
    same = [at for at in range(1, count) if all(row[at] == first[at] for row in table.rows)]
    told = ", ".join(f"{table.columns[at].title.lower()}: {first[at]}" for at in same if at < naming and first[at])
    kept = [at for at in range(count) if at not in same or (at >= naming and first[at] not in {None, ""})]
    return replace(
        table,
        title=f"{table.title} ({told})" if told else table.title,
        columns=tuple(table.columns[at] for at in kept),
        rows=tuple(tuple(row[at] for at in kept) for row in table.rows),
    )


def by_width(table: Table) -> list[Table]:
    """Return a table in parts that fit on paper: each begins with the columns that name its rows."""
    if len(table.columns) <= MOST_COLUMNS:
        return [table]
    naming = next((at for at, column in enumerate(table.columns) if numeric(column)), 1)
    step = max((MOST_COLUMNS - naming) // 2 * 2, 2)  # a value stays with its margin
    starts = range(naming, len(table.columns), step)
    return [
        replace(
            table,
            title=f"{table.title}, part {part} of {len(starts)}",
            columns=(*table.columns[:naming], *table.columns[start : start + step]),
            rows=tuple((*row[:naming], *row[start : start + step]) for row in table.rows),
        )
        for part, start in enumerate(starts, 1)
    ]


def kept_rows(table: Table, most: int) -> list[tuple[Cell, ...]]:
    """Return the rows of a table that a page shows: the newest whole periods where rows are periods, else the first."""
    rows = list(table.rows)
    if len(rows) <= most + SPARE_ROWS:
        return rows
    if table.columns[0].kind not in {ColumnKind.DATE, ColumnKind.TIME}:
        return rows[:most]
    before = rows[-most - 1][0]
    whole = [row for row in rows[-most:] if row[0] != before]
    return whole or rows[-most:]

"""What stands in the panels of a dashboard."""

from typing import Any

from gateway.pages.panels import shown, told


def section(**parts: Any) -> dict[str, Any]:
    empty = {"section_id": "a", "title": "A", "lead": "", "key_figures": [], "findings": [], "charts": [], "tables": []}
    return {"sections": [empty | parts]}


def table(*rows: list[Any]) -> dict[str, Any]:
    columns = [("Month", "date", ""), ("Share", "share", ""), ("Players", "integer", "players")]
    return {
        "table_id": "t",
        "title": "T",
        "columns": [{"title": title, "kind": kind, "unit": unit} for title, kind, unit in columns],
        "rows": list(rows),
    }


def chart(*values: float | None) -> dict[str, Any]:
    layout = {
        "xaxis": {"type": "date"},
        "font": {"color": "#000"},
        "shapes": [{"line": {"dash": "dot", "color": "#000"}}],
    }
    return {
        "title": "C",
        "finding": "It rose.",
        "table_id": "t",
        "series": [{"points": [{"x": "2026-01", "y": value} for value in values]}],
        "figure": {"data": [{"type": "bar"}], "layout": layout},
    }


def figure(**parts: Any) -> dict[str, Any]:
    known = {"value": 10.0, "lower": 8.0, "upper": 12.0, "unit": "players", "note": "N", "uninformative": False}
    return known | parts


def test_cells_are_written_by_the_kind_of_their_column():
    (found,) = shown(section(tables=[table(["2026-01-01T00:00:00Z", 0.251, 1234.0], ["2026-02-01", None, None])]))[
        "a"
    ].tables
    assert found.rows == [["2026-01-01", "25.1%", "1,234"], ["2026-02-01", "", ""]]
    assert [column.title for column in found.columns] == ["Month", "Share", "Players"]


def test_a_chart_keeps_its_table_and_leaves_colours_to_the_theme():
    panel = shown(section(charts=[chart(1.0)], tables=[table(["2026-01-01", 0.5, 1])]))["a"]
    assert panel.tables == []
    (drawing,) = panel.drawings
    assert drawing.table is not None
    assert drawing.plot is not None
    assert "font" not in drawing.plot["layout"]
    assert drawing.plot["layout"]["shapes"] == [{"line": {"dash": "dot"}}]


def test_a_chart_without_a_value_is_not_drawn_but_says_so():
    (drawing,) = shown(section(charts=[chart(None)]))["a"].drawings
    assert (drawing.plot, drawing.finding) == (None, "It rose.")


def test_key_figures_come_with_their_interval_or_say_what_they_lack():
    figures = [figure(), figure(value=None), figure(uninformative=True)]
    found = shown(section(key_figures=figures))["a"].figures
    assert [each[:3] for each in found] == [
        ("10", "players", "8 to 12"),
        ("not known", "", ""),
        ("too noisy to tell", "", "The noise is larger than what it could tell."),
    ]


def test_numbers_have_the_decimals_of_their_unit():
    assert [told(0.5, "share"), told(0.5, "score"), told(12.34, "minutes")] == ["50%", "0.50", "12.3"]

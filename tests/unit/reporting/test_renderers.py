"""Documents written down: safe, typed, readable by everybody."""

import csv
import io
import json
import socket
import zipfile
from dataclasses import replace
from datetime import datetime
from html.parser import HTMLParser
from xml.etree import ElementTree

import openpyxl
import pypdf
import pytest

from benchmarks.report_snapshots import snapshot
from mesh.refusal import FailedPrecondition
from mesh.settings import SettingError
from reporting_svc.adapters.render import pdf, theme
from reporting_svc.adapters.render.csv_tables import escaped
from reporting_svc.adapters.render.plotly_figure import figure
from reporting_svc.adapters.render.renderers import render
from reporting_svc.adapters.render.svg import draw
from reporting_svc.adapters.render.theme import Theme
from reporting_svc.domain.builders import Brief, build
from reporting_svc.domain.report import ReportFormat, ReportType
from reporting_svc.domain.snapshot import Grain

NASTY = '<script>alert("x")</script>'
FORMULA = '=HYPERLINK("http://evil.example","click")'


@pytest.fixture(scope="module")
def document():
    return build(snapshot(), Brief(ReportType.THERAPEUTIC_OUTCOMES, title=FORMULA, description=NASTY))


def charts(document):
    return [chart for section in document.sections for chart in section.charts]


def test_json_is_the_model(document):
    read = json.loads(render(ReportFormat.JSON, document, Theme()))
    assert read["report_type"] == "therapeutic_outcomes"
    assert read["sections"][1]["charts"][0]["series"][0]["points"][0]["x"] == "2025-01-01T00:00:00Z"


class Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.addresses = [], []

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.addresses += [value for name, value in attributes if name in {"src", "href"} and value]


def test_html_is_one_file_without_scripts_that_escapes_what_users_wrote(document):
    text = render(ReportFormat.HTML, document, Theme()).decode()
    page = Page()
    page.feed(text)
    assert "script" not in page.tags
    assert all(address.startswith(("#", "data:")) for address in page.addresses)
    assert "&lt;script&gt;" in text
    assert page.tags.count("figure") == len(charts(document))
    assert page.tags.count("figcaption") == len(charts(document))
    assert "caption" in page.tags


def test_every_svg_states_its_finding_to_those_who_do_not_see_it(document):
    for chart in charts(document):
        svg = ElementTree.fromstring(draw(chart, Theme()))
        assert svg.get("role") == "img"
        assert svg.find("{http://www.w3.org/2000/svg}title").text == chart.finding
        assert svg.find("{http://www.w3.org/2000/svg}desc").text == chart.description


def test_an_svg_escapes_names(document):
    chart = charts(document)[0]
    chart = replace(chart, finding=NASTY, series=(replace(chart.series[0], name=NASTY),) * 2)
    ElementTree.fromstring(draw(chart, Theme()))
    assert "<script" not in draw(chart, Theme())


def test_plotly_draws_the_same_values_with_their_bands(document):
    chart = charts(document)[0]
    drawn = figure(chart, Theme())
    json.dumps(drawn, allow_nan=False)
    (line,) = [trace for trace in drawn["data"] if trace.get("showlegend", True)]
    assert line["y"] == [point.y for point in chart.series[0].points]
    assert any(trace.get("fill") == "toself" for trace in drawn["data"])


def test_pdf_is_tagged_numbered_and_says_how_old_its_data_are(document):
    if pdf.missing():
        pytest.skip(f"this machine makes no PDF: {pdf.missing()}")
    read = pypdf.PdfReader(io.BytesIO(render(ReportFormat.PDF, document, Theme())))
    root = read.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert "pdfuaid" in root["/Metadata"].get_object().get_data().decode()
    alternatives = {alt for kind, alt in tags(root["/StructTreeRoot"]) if kind == "/Figure"}
    assert {chart.finding for chart in charts(document)} <= alternatives
    kinds = {kind for kind, _ in tags(root["/StructTreeRoot"])}
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/L"} <= kinds
    for index, page in enumerate(read.pages, 1):
        text = page.extract_text()
        assert "Data as of 1 March 2026, 09:30 UTC" in text
        assert f"Page {index} of {len(read.pages)}" in text


def tags(element):
    element = element.get_object()
    if not isinstance(element, pypdf.generic.DictionaryObject):
        return
    yield element.get("/S"), element.get("/Alt")
    children = element.get("/K", [])
    for child in children if isinstance(children, list) else [children]:
        yield from tags(child)


PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def test_pdf_shows_an_organisations_logo_and_fetches_nothing(document, caplog):
    if pdf.missing():
        pytest.skip(f"this machine makes no PDF: {pdf.missing()}")
    plain = render(ReportFormat.PDF, document, Theme())
    shown = render(ReportFormat.PDF, document, replace(Theme(), logo=f"data:image/png;base64,{PIXEL}"))
    assert pictures(shown) == pictures(plain) + 1
    assert "no required alt" not in caplog.text
    with socket.socket() as elsewhere:
        elsewhere.bind(("127.0.0.1", 0))
        elsewhere.listen()
        elsewhere.setblocking(False)
        address = f"http://127.0.0.1:{elsewhere.getsockname()[1]}/logo.png"
        assert pictures(render(ReportFormat.PDF, document, replace(Theme(), logo=address))) == pictures(plain)
        with pytest.raises(BlockingIOError):
            elsewhere.accept()


def pictures(content: bytes) -> int:
    return len(pypdf.PdfReader(io.BytesIO(content)).pages[0].images)


def test_without_pango_the_packages_are_named(monkeypatch):
    monkeypatch.setattr(pdf, "missing", lambda: "cannot load library 'libpango-1.0-0'")
    with pytest.raises(FailedPrecondition, match=r"libpango-1\.0-0 libpangoft2-1\.0-0"):
        pdf.require()


def test_excel_has_typed_cells_native_charts_and_a_sheet_of_definitions(document):
    book = openpyxl.load_workbook(io.BytesIO(render(ReportFormat.EXCEL, document, Theme())))
    assert book.sheetnames[0] == "Summary"
    assert "Definitions and privacy" in book.sheetnames
    sheet = book["Progress over time"]
    assert len(sheet._charts) == 2
    dates = [cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, datetime)]
    assert dates
    assert any(cell.number_format == "0.0%" for row in sheet.iter_rows() for cell in row)
    cells = [cell for one in book for row in one.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert [cell for cell in cells if cell.value == FORMULA]


def test_excel_prints_as_wide_as_a_page_with_the_age_of_the_data(document):
    book = openpyxl.load_workbook(io.BytesIO(render(ReportFormat.EXCEL, document, Theme())))
    for sheet in book:
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert "Data as of" in (sheet.oddFooter.center.text or "")


def test_bars_that_lie_in_excel_begin_at_zero_with_groups_beside_them(document):
    book = openpyxl.load_workbook(io.BytesIO(render(ReportFormat.EXCEL, document, Theme())))
    drawn = book["Which groups"]._charts[0]
    assert drawn.type == "bar"
    assert drawn.y_axis.scaling.min == 0
    assert drawn.y_axis.numFmt.formatCode == "0%"
    assert drawn.x_axis.scaling.orientation == "maxMin"


def test_csv_opens_in_a_spreadsheet_without_running_anything(document):
    with zipfile.ZipFile(io.BytesIO(render(ReportFormat.CSV, document, Theme()))) as archive:
        assert archive.testzip() is None
        about = archive.read("about.csv").decode("utf-8-sig")
        assert archive.read("about.csv").startswith(b"\xef\xbb\xbf")
        tables = [name for name in archive.namelist() if name != "about.csv"]
        rows = list(csv.reader(io.StringIO(archive.read(tables[0]).decode("utf-8-sig"))))
    assert len(tables) == sum(len(section.tables) for section in document.sections)
    assert ("title", f"'{FORMULA}") in [tuple(row) for row in csv.reader(io.StringIO(about))]
    assert rows[0][0] == "period"
    assert float(rows[1][2]) > 0


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\r=1"])
def test_words_that_look_like_formulas_are_quoted(text):
    assert escaped(text) == f"'{text}"


@pytest.mark.parametrize("cell", [-1.5, 3, None, "anxiety"])
def test_numbers_and_plain_words_stay_as_they_are(cell):
    assert escaped(cell) == cell


def test_an_organisation_sets_its_name_and_colours(tmp_path, document):
    file = tmp_path / "theme.json"
    file.write_text(json.dumps({"organisation": "St. Example Hospital", "accent": "#004400"}))
    text = render(ReportFormat.HTML, document, theme.load(file)).decode()
    assert "St. Example Hospital" in text
    assert "#004400" in text


WRONG_THEMES = ['{"accent": "red;}"}', '{"colour": "#000000"}', "[]", "{", '{"logo": "x.exe"}', '{"logo": 5}']
WRONG_THEMES += ['{"palette": []}', '{"palette": ["red"]}', '{"footer": null}', '{"font": "x; } body { display: none"}']


@pytest.mark.parametrize("wrong", WRONG_THEMES)
def test_a_wrong_theme_stops_with_the_name_of_its_setting(tmp_path, wrong):
    file = tmp_path / "theme.json"
    file.write_text(wrong)
    with pytest.raises(SettingError, match="TTA_REPORT_THEME"):
        theme.load(file)


@pytest.mark.parametrize("report_type", list(ReportType))
@pytest.mark.parametrize("format_", [ReportFormat.HTML, ReportFormat.EXCEL, ReportFormat.CSV])
def test_every_type_renders_with_nothing_to_show(report_type, format_):
    empty = replace(snapshot(count=0), metrics=(), care=None)
    assert render(format_, build(empty, Brief(report_type)), Theme())


def test_plotly_names_a_single_period_and_draws_its_interval():
    document = build(snapshot(Grain.MONTH, 1), Brief(ReportType.CUSTOM_DASHBOARD))
    drawn = [figure(chart, Theme()) for section in document.sections for chart in section.charts]
    lines = [one for one in drawn if one["layout"]["xaxis"].get("type") == "date"]
    assert lines
    for one in lines:
        assert len(one["layout"]["xaxis"]["tickvals"]) == 1
    assert any("error_y" in trace for one in lines for trace in one["data"])

"""Whatever people and other services call things, no format takes it for markup, a formula or a command."""

import csv
import io
import json
import re
import zipfile
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from xml.etree import ElementTree

import openpyxl
import pypdf
import pytest

from benchmarks.report_snapshots import snapshot
from reporting_svc.adapters.render import pdf
from reporting_svc.adapters.render.plotly_figure import figure
from reporting_svc.adapters.render.renderers import render
from reporting_svc.adapters.render.svg import draw
from reporting_svc.adapters.render.theme import Theme
from reporting_svc.domain.builders import Brief, build
from reporting_svc.domain.panels import Breakdown, Panel, PanelKind
from reporting_svc.domain.printable import printable
from reporting_svc.domain.report import ReportFormat, ReportType
from reporting_svc.domain.snapshot import Filters
from reporting_svc.domain.wording import DEFINITIONS, HEADINGS, TITLES, Wording

SCRIPT = '<script>alert("x")</script>'
HOSTILE = {
    "script": SCRIPT,
    "attribute": "\" onmouseover='x()' style='",
    "formula": "=1+cmd|' /C calc'!A0",
    "reference": "Wow!A1",
    "rich": "<r><t>&boom;</t></r>",
    "control": "a\x01b\x1f\ufffe",
    "style": "} body { display: none } </style>",
    "template": "{{ 7 * 7 }}{% raw %}",
    "footer": "2025&P&8 && plan",
    "path": "../../etc/passwd",
    "lines": "one\ntwo\r\nthree",
    "link": '<a href="javascript:x()">look</a>',
}


def named(whole, text):
    """Return a snapshot whose groups, segments, metrics and filters carry a text in their names."""

    def key(known):
        return tuple(f"{one} {text}" if one else "" for one in known)

    releases = tuple(
        replace(
            one,
            cells={key(known): replace(cell, key=key(known)) for known, cell in one.cells.items()},
            segments=tuple(replace(segment, name=text) for segment in one.segments),
        )
        for one in whole.releases
    )
    metrics = tuple(replace(one, name=f"{one.name}_{text}", labels=text, unit=text) for one in whole.metrics)
    filters = Filters(statistics=("players", text), metrics=(text,), therapeutic_focus=(f"sleep {text}", text))
    return replace(whole, releases=releases, metrics=metrics, filters=filters, notices=(text,))


def panels(text):
    shown = ("players", "segments", "metrics", "outcomes")
    charts = [Panel(f"{text}{row}", text, PanelKind.CHART, one, row=row) for row, one in enumerate(shown)]
    groups = Panel(f"{text} {text}", text, PanelKind.TABLE, "minutes", Breakdown.COHORT, row=8)
    return (*charts, groups, Panel(f"{text}-text", text, PanelKind.TEXT, text=text, row=9))


def worded(text):
    """Return a theme of these words; a file that holds control characters would not have been taken."""
    text = printable(text)
    wording = Wording(
        dict.fromkeys(TITLES, text),
        dict.fromkeys(HEADINGS, text),
        dict.fromkeys([*DEFINITIONS, text], text),
        (text,),
        text,
    )
    return Theme(organisation=text, tagline=text, footer=text, wording=wording)


CASES = [(ReportType.CUSTOM_DASHBOARD, name) for name in HOSTILE]
CASES += [(kind, name) for kind in list(ReportType)[:-1] for name in ("script", "control")]


@pytest.fixture(params=CASES, ids=lambda one: f"{one[0]}-{one[1]}")
def hostile(request):
    """A document and a theme in which every text that somebody may write is one hostile text, and that text."""
    return made(*request.param)


@cache
def made(kind, name):
    text = HOSTILE[name]
    whole = named(snapshot(count=2), text)
    if kind is not ReportType.CUSTOM_DASHBOARD:
        whole = replace(whole, filters=Filters())
    theme = worded(text)
    return build(whole, Brief(kind, text, text, panels=panels(text)), theme.wording), theme, text


DRAWN = {"svg", "title", "desc", "path", "rect", "text", "g"}


class Read(HTMLParser):
    """A page as a browser takes it apart."""

    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.text = set(), [], ""

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.attributes += attributes

    def handle_data(self, data):
        self.text += data

    def all_of(self, name):
        return [value for known, value in self.attributes if known == name]


def shown(text):
    """Return a text as it looks once white space and what can't be written are gone."""
    return re.sub(r"[\s\x00-\x1f\ufffe]+", "", text)


def test_a_page_shows_it_as_text(hostile):
    document, theme, text = hostile
    page = Read()
    page.feed(render(ReportFormat.HTML, document, theme).decode())
    assert not page.tags & {"script", "iframe", "r", "t"}
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    assert all(address.startswith(("#", "data:")) for address in page.all_of("href") + page.all_of("src"))
    assert shown(text) in shown(page.text)
    ids = page.all_of("id")
    assert len(ids) == len(set(ids))
    assert not [one for one in ids if re.search(r"\s", one)]
    assert {target for named in page.all_of("aria-labelledby") for target in named.split()} <= set(ids)
    assert {address[1:] for address in page.all_of("href") if address.startswith("#")} <= set(ids)


def test_a_drawing_stays_well_formed(hostile):
    document, theme, _ = hostile
    for chart in (chart for section in document.sections for chart in section.charts):
        drawn = ElementTree.fromstring(draw(chart, theme))
        assert {element.tag.rpartition("}")[2] for element in drawn.iter()} <= DRAWN


def test_the_browsers_charts_hold_no_markup(hostile):
    document, theme, _ = hostile
    for chart in (chart for section in document.sections for chart in section.charts):
        assert "<" not in json.dumps(figure(chart, theme))


def test_json_keeps_it_as_it_is_but_for_control_characters(hostile):
    document, theme, text = hostile
    read = json.loads(render(ReportFormat.JSON, document, theme))
    assert read["title"] == printable(text)


def test_a_workbook_stays_well_formed_and_computes_nothing(hostile):
    document, theme, text = hostile
    content = render(ReportFormat.EXCEL, document, theme)
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    for name, part in parts.items():
        ElementTree.fromstring(part)
        assert "externalLink" not in name
    references = re.findall(rb"<c:f>([^<]*)</c:f>", b"".join(parts.values()))
    assert all(one.startswith(b"'Chart data'!") for one in references)
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
    assert shown(text) in {shown(cell.value) for cell in cells if isinstance(cell.value, str)}
    assert len({name.lower() for name in book.sheetnames}) == len(book.sheetnames)
    assert "history" not in {name.lower() for name in book.sheetnames}


def test_a_footer_says_the_title_in_small_letters(hostile):
    document, theme, text = hostile
    with zipfile.ZipFile(io.BytesIO(render(ReportFormat.EXCEL, document, theme))) as packed:
        sheet = ElementTree.fromstring(packed.read("xl/worksheets/sheet1.xml"))
    footer = sheet.findtext("{*}headerFooter/{*}oddFooter")
    left = re.fullmatch(r"&L&8 (.*)&C&8 Data as of [\d :-]+ UTC&R&8 &P of &N", footer, re.DOTALL)[1]
    assert not re.search("&(?!&)", left.replace("&&", ""))
    assert shown(left.replace("&&", "&")) == shown(text[:80])


def test_tables_hold_no_formulas_and_files_stay_in_their_folder(hostile):
    document, theme, _ = hostile
    with zipfile.ZipFile(io.BytesIO(render(ReportFormat.CSV, document, theme))) as packed:
        for name in packed.namelist():
            assert re.fullmatch(r"about\.csv|\d+-[a-z0-9-]+\.csv", name)
            for row in csv.reader(io.StringIO(packed.read(name).decode("utf-8-sig"), newline="")):
                assert not [cell for cell in row if cell.startswith(("=", "@", "\t", "\r"))]


def test_a_pdf_shows_all_of_it_as_text_and_runs_nothing():
    if pdf.missing():
        pytest.skip(f"this machine makes no PDF: {pdf.missing()}")
    texts = list(HOSTILE.values())
    theme = worded(" ".join(texts[:6]))
    shown_ones = tuple(Panel(one, one, PanelKind.CHART, "segments", row=row) for row, one in enumerate(texts))
    brief = Brief(ReportType.CUSTOM_DASHBOARD, " ".join(texts), " ".join(texts), panels=shown_ones)
    document = build(named(snapshot(count=1), " ".join(texts)), brief, theme.wording)
    read = pypdf.PdfReader(io.BytesIO(render(ReportFormat.PDF, document, theme)))
    root = read.trailer["/Root"]
    assert not {"/OpenAction", "/AA", "/AcroForm"} & set(root)
    assert "/JavaScript" not in root.get("/Names", {})
    assert not [one for page in read.pages for one in page.get("/Annots", ())]
    ElementTree.fromstring(root["/Metadata"].get_object().get_data())
    printed = shown("".join(page.extract_text() for page in read.pages))
    assert [text for text in texts if shown(text) not in printed] == []
    drawn = {shown(alternative) for kind, alternative in tags(root["/StructTreeRoot"]) if kind == "/Figure"}
    assert {shown(chart.finding) for section in document.sections for chart in section.charts} <= drawn


def tags(element):
    element = element.get_object()
    if not isinstance(element, pypdf.generic.DictionaryObject):
        return
    yield element.get("/S"), element.get("/Alt")
    children = element.get("/K", [])
    for child in children if isinstance(children, list) else [children]:
        yield from tags(child)


def test_a_panel_may_be_called_like_a_part_of_the_page_or_like_what_excel_keeps_for_itself():
    called = ("notices", "summary", "privacy", "History", "Chart data", "section-1")
    chosen = tuple(Panel(one, one, PanelKind.CHART, "players", row=row) for row, one in enumerate(called))
    document = build(snapshot(count=2), Brief(ReportType.CUSTOM_DASHBOARD, panels=chosen))
    page = Read()
    page.feed(render(ReportFormat.HTML, document, Theme()).decode())
    assert len(page.all_of("id")) == len(set(page.all_of("id")))
    book = openpyxl.load_workbook(io.BytesIO(render(ReportFormat.EXCEL, document, Theme())))
    assert "History" not in book.sheetnames
    assert len({name.lower() for name in book.sheetnames}) == len(called) + 3

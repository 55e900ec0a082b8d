"""An organisation's own words in every report, and which words are taken."""

import io
import json
import zipfile

import openpyxl
import pypdf
import pytest

from benchmarks.report_snapshots import snapshot
from mesh.settings import SettingError
from mesh.workers import NumericPool
from reporting_svc.adapters.render import pdf, theme
from reporting_svc.adapters.render.renderers import render
from reporting_svc.adapters.workshop import PooledWorkshop
from reporting_svc.domain.builders import Brief, build
from reporting_svc.domain.report import ReportFormat, ReportType
from reporting_svc.domain.wording import HEADINGS, worded

OWN = {
    "organisation": "St. Example Hospital",
    "tagline": "Department of Psychiatry",
    "wording": {
        "titles": {"therapeutic_outcomes": "How care works"},
        "headings": {
            "overview": "Where we stand",
            "summary": "In short",
            "definitions": "Our words",
            "privacy": "What nobody learns",
            "data": "The numbers",
        },
        "definitions": {"Cohort": "A group of players who are alike.", "Ward": "A part of our house."},
        "privacy_notes": ["No figure tells of one player."],
        "service_note": "About machines alone.",
    },
}


@pytest.fixture
def own(tmp_path):
    file = tmp_path / "theme.json"
    file.write_text(json.dumps(OWN))
    return theme.load(file)


def outcomes(own):
    return build(snapshot(), Brief(ReportType.THERAPEUTIC_OUTCOMES), own.wording)


def test_its_words_stand_in_the_model_and_ours_where_it_has_none(own):
    document = outcomes(own)
    assert document.title.startswith("How care works, ")
    assert [section.title for section in document.sections][:2] == ["Where we stand", "Progress over time"]
    meanings = {one.term: one.meaning for one in document.definitions}
    assert meanings["Cohort"] == "A group of players who are alike."
    assert meanings["Ward"] == "A part of our house."
    assert meanings["Release"] == "The private statistics of one period."
    assert document.privacy_notes[0] == "No figure tells of one player."
    assert "epsilon" in document.privacy_notes[1]
    service = build(snapshot(), Brief(ReportType.SYSTEM_PERFORMANCE), own.wording)
    assert service.privacy_notes == ("About machines alone.",)


def test_a_title_that_somebody_gave_stays(own):
    assert build(snapshot(), Brief(ReportType.COHORT_ANALYSIS, "Mine"), own.wording).title == "Mine"


def test_panels_of_a_dashboard_keep_their_names(own):
    document = build(snapshot(), Brief(ReportType.CUSTOM_DASHBOARD), own.wording)
    assert "Players" in [section.title for section in document.sections]


SAID = ("St. Example Hospital", "Department of Psychiatry", "How care works", "Where we stand", "In short", "Our words")
SAID += ("What nobody learns", "No figure tells of one player.", "A part of our house.")


def test_a_page_is_written_in_its_words(own):
    text = render(ReportFormat.HTML, outcomes(own), own).decode()
    assert [words for words in SAID if words not in text] == []
    assert [words for words in ("What matters most", "At a glance", "Words used") if words in text] == []


def test_a_pdf_is_written_in_its_words(own):
    if pdf.missing():
        pytest.skip(f"this machine makes no PDF: {pdf.missing()}")
    pages = pypdf.PdfReader(io.BytesIO(render(ReportFormat.PDF, outcomes(own), own))).pages
    text = " ".join(" ".join(page.extract_text().split()) for page in pages)
    assert [words for words in (*SAID, "The numbers") if words not in text] == []


def test_a_workbook_is_written_in_its_words(own):
    book = openpyxl.load_workbook(io.BytesIO(render(ReportFormat.EXCEL, outcomes(own), own)))
    cells = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
    text = "\n".join(str(cell) for cell in cells)
    assert [words for words in SAID if words not in text] == []
    assert "Where we stand" in book.sheetnames


def test_tables_say_whose_they_are(own):
    with zipfile.ZipFile(io.BytesIO(render(ReportFormat.CSV, outcomes(own), own))) as packed:
        about = packed.read("about.csv").decode("utf-8-sig")
        assert "tagline,Department of Psychiatry" in about


async def test_workers_compose_in_its_words(own):
    workshop = PooledWorkshop(NumericPool(0), NumericPool(0), 1, own)
    composed = await workshop.compose(snapshot(), Brief(ReportType.THERAPEUTIC_OUTCOMES))
    assert json.loads(composed.content)["sections"][0]["title"] == "Where we stand"
    workshop.close()


@pytest.mark.parametrize("report_type", [one for one in ReportType if one is not ReportType.CUSTOM_DASHBOARD])
def test_every_heading_of_every_report_can_be_replaced(report_type):
    own = worded({"headings": {name: f"Own {name}" for name in HEADINGS}})
    document = build(snapshot(), Brief(report_type), own)
    assert [one.title for one in document.sections] == [f"Own {one.section_id}" for one in document.sections]


WRONG = [
    (["titles"], "no JSON object"),
    ({"headlines": {}}, "wording knows no headlines"),
    ({"titles": {"outcomes": "x"}}, "wording.titles knows no outcomes"),
    ({"headings": {"first": "x"}}, "wording.headings knows no first; it knows activity, alerts"),
    ({"headings": {"overview": ""}}, "wording.headings.overview is no text, or an empty one"),
    ({"headings": {"overview": 5}}, "wording.headings.overview is no text"),
    ({"headings": {"overview": "x" * 101}}, "longer than 100"),
    ({"headings": {"overview": "a\nb"}}, "line break"),
    ({"headings": {"overview": "a\x01b"}}, "control character"),
    ({"definitions": {"Ward": None}}, "wording.definitions.Ward is no text"),
    ({"definitions": {"": "x"}}, "a word of wording.definitions is no text"),
    ({"definitions": {str(index): "x" for index in range(21)}}, "more than 20"),
    ({"privacy_notes": []}, "wording.privacy_notes is no list of sentences, or an empty one"),
    ({"privacy_notes": "x"}, "wording.privacy_notes is no list"),
    ({"privacy_notes": ["x" * 601]}, "longer than 600"),
    ({"service_note": " "}, "wording.service_note is no text"),
]


@pytest.mark.parametrize(("wrong", "told"), WRONG, ids=[told for _, told in WRONG])
def test_wrong_words_stop_the_process_and_say_which(tmp_path, wrong, told):
    file = tmp_path / "theme.json"
    file.write_text(json.dumps({"wording": wrong}))
    with pytest.raises(SettingError, match="TTA_REPORT_THEME") as refused:
        theme.load(file)
    assert told in str(refused.value)


@pytest.mark.parametrize("field", ["organisation", "tagline", "footer"])
@pytest.mark.parametrize("text", ["a\x01b", "x" * 301, None])
def test_a_text_that_no_report_can_show_is_refused(tmp_path, field, text):
    file = tmp_path / "theme.json"
    file.write_text(json.dumps({field: text}))
    with pytest.raises(SettingError, match=field):
        theme.load(file)

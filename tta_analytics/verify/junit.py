"""Results as JUnit XML, which CI systems show as tests."""

from collections.abc import Sequence
from itertools import groupby
from xml.etree import ElementTree as Xml

from tta_analytics.verify.checks import Outcome, Result


def junit(results: Sequence[Result], url: str) -> bytes:
    """Return a JUnit document with one suite an area."""
    root = Xml.Element("testsuites", name=f"tta-analytics verify {url}")
    for area, found in groupby(results, key=lambda result: result.area):
        group = list(found)
        suite = Xml.SubElement(
            root,
            "testsuite",
            name=area,
            tests=str(len(group)),
            failures=str(sum(one.outcome is Outcome.FAILED for one in group)),
            skipped=str(sum(one.outcome is Outcome.SKIPPED for one in group)),
            time=f"{sum(one.seconds for one in group):.3f}",
        )
        for one in group:
            case = Xml.SubElement(suite, "testcase", classname=area, name=one.name, time=f"{one.seconds:.3f}")
            if one.outcome is Outcome.FAILED:
                Xml.SubElement(case, "failure", message=one.detail).text = one.detail
            elif one.outcome is Outcome.SKIPPED:
                Xml.SubElement(case, "skipped", message=one.detail)
            else:
                Xml.SubElement(case, "system-out").text = one.detail
    Xml.indent(root)
    document: bytes = Xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return document

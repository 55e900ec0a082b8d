"""What every proto must say, walked over all descriptors, and the paths that callers rely on."""

import re

import pytest

from gateway.transcoding import image as images
from gateway.transcoding.bindings import API, Binding, bindings, router
from gateway.transcoding.image import Call
from gateway.transcoding.paths import Match

IMAGE = images.load()
BINDINGS = [(call, binding) for call in IMAGE.calls for binding in bindings(call)]

INTERNAL = {"ForgetSubject", "CollectSubject", "RedeemStreamTicket"}
"""Calls between processes, which no path leads to."""

V1 = """
POST sessions:ingest; POST progress:ingest; POST outcomes:record; PUT consents/{}; POST releases; GET releases
GET releases/{}; GET cohorts; GET cohorts:compare; GET retention; GET patterns; GET models; POST models:train
POST predictions:subject; GET privacy/budget; GET privacy/audit; GET privacy/audit:verify
POST privacy/subjects/{}:export; POST privacy/subjects/{}:erase
GET metrics; POST metrics; POST metrics:ingest; POST signals; POST signals:ingest
GET alerts; GET alerts/{}; GET alerts/{}/events; POST alerts/{}:acknowledge; POST alerts/{}:resolve
POST alerts/{}:reveal; GET alerts/stream; GET silences; POST silences; GET rules; POST rules; POST rules:test
GET contacts; POST contacts; GET routes; POST routes; GET escalation-policies; POST escalation-policies; GET deliveries
GET reports; POST reports; GET reports/{}; GET reports/{}/progress; GET reports/{}/content
GET schedules; POST schedules; POST schedules/{}:run; GET dashboards; POST dashboards; GET dashboards/{}:render
GET trends; GET baselines:compare; GET forecasts; GET players/{}/progress/viz
"""
"""The resources under /api/v1 that callers rely on."""

SEED = """
POST /aggregate/behavior; GET /patterns; GET /cohorts/analysis; POST /reports/generate; GET /reports/{}; GET /reports
POST /metrics/process; POST /users/process; GET /alerts/active; POST /alerts/{}/resolve; GET /metrics/current
GET /alerts/stream
"""
"""The paths of the predecessor."""


def listed(text: str) -> list[str]:
    return [each.strip() for each in text.replace("\n", ";").split(";") if each.strip()]


def name(call: Call) -> str:
    return f"{call.service.rsplit('.', 1)[-1]}.{call.name}"


@pytest.mark.parametrize("call", IMAGE.calls, ids=name)
def test_every_call_says_who_may_make_it(call: Call):
    assert call.access is not None
    assert call.access.public or call.access.any_of or call.access.own_player


@pytest.mark.parametrize("call", IMAGE.calls, ids=name)
def test_every_call_is_documented_and_has_a_path_unless_it_is_internal(call: Call):
    assert len(call.comment) > 10
    assert (call.http is None) == (call.name in INTERNAL)


def test_every_message_field_and_enum_value_is_documented():
    ours = [each for each in IMAGE.fields if each.startswith("tta.") and not re.search(r"Entry\.(key|value)$", each)]
    assert [each for each in ours if not IMAGE.comments.get(each)] == []


@pytest.mark.parametrize(("call", "binding"), BINDINGS, ids=lambda each: getattr(each, "name", ""))
def test_what_reads_is_a_get_and_only_what_reads(call: Call, binding: Binding):
    if binding.method == "GET":
        assert call.side_effect_free
    if binding.method in ("PUT", "DELETE"):
        assert call.idempotent or "request_id" in call.request.fields_by_name
    if call.side_effect_free and binding.method != "GET":
        assert binding.body == "*", "a read by POST is one whose question is too large for a path"


@pytest.mark.parametrize(("call", "binding"), BINDINGS, ids=lambda each: getattr(each, "name", ""))
def test_a_post_of_v1_takes_its_whole_request_as_body(call: Call, binding: Binding):
    if binding.method in ("POST", "PUT", "PATCH") and binding.template.text.startswith(API):
        assert binding.body == "*"


def test_no_two_calls_take_the_same_path():
    found = router(IMAGE.calls)
    for call, binding in BINDINGS:
        path = re.sub(r"\{[^}]*\}", "some-id", binding.template.text)
        match = found.find(binding.method, path)
        assert isinstance(match, Match)
        assert match.target.call is call


@pytest.mark.parametrize("pinned", listed(V1))
def test_a_pinned_resource_exists(pinned: str):
    method, _, path = pinned.partition(" ")
    assert (method, f"/api/v1/{path}") in {
        (each.method, re.sub(r"\{[^}]*\}", "{}", each.template.text)) for _, each in BINDINGS
    }


@pytest.mark.parametrize("pinned", listed(SEED))
def test_a_path_of_the_earlier_system_exists_and_is_tolerant(pinned: str):
    method, _, path = pinned.partition(" ")
    (found,) = (
        each for _, each in BINDINGS if each.method == method and re.sub(r"\{[^}]*\}", "{}", each.template.text) == path
    )
    assert found.tolerant


HOOK = "POST /hooks/alertmanager"
"""What a program of others posts: read tolerantly like the paths of the predecessor."""


def test_nothing_else_lives_outside_the_versioned_paths():
    outside = {f"{each.method} {each.template.text}" for _, each in BINDINGS if not each.template.text.startswith(API)}
    assert {re.sub(r"\{[^}]*\}", "{}", each) for each in outside} == {*listed(SEED), HOOK}


@pytest.mark.parametrize("call", IMAGE.calls, ids=name)
def test_lists_page_the_same_way(call: Call):
    fields = call.response.fields_by_name
    if "next_page_token" in fields:
        asked = call.request.fields_by_name
        assert {"page_size", "page_token"} <= set(asked)

"""The reference is valid OpenAPI 3.1, its examples hold, and the gateway itself takes them."""

import json
from typing import Any

import jsonschema
import orjson
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from gateway.openapi.document import document
from gateway.openapi.page import Reference
from gateway.site import templates
from gateway.transcoding import image as images
from gateway.transcoding.bindings import bindings

IMAGE = images.load()
DOCUMENT = document(IMAGE)
OPERATIONS = [
    (method, path, operation) for path, methods in DOCUMENT["paths"].items() for method, operation in methods.items()
]
IDS = [f"{method.upper()} {path}" for method, path, _ in OPERATIONS]


def holds(value: Any, schema: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator({**schema, "components": DOCUMENT["components"]}).validate(value)


def test_the_document_is_valid():
    OpenAPIV31SpecValidator(json.loads(orjson.dumps(DOCUMENT))).validate()


def test_every_operation_has_a_name_of_its_own():
    names = [operation["operationId"] for _, _, operation in OPERATIONS]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=IDS)
def test_an_operation_says_what_it_does_and_who_may(method: str, path: str, operation: dict[str, Any]):
    assert operation["summary"]
    assert operation["security"]
    assert {"200", "default"} <= set(operation["responses"])


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=IDS)
def test_examples_hold(method: str, path: str, operation: dict[str, Any]):
    for content in (operation.get("requestBody", {}), operation["responses"]["200"]):
        for media in content.get("content", {}).values():
            if "example" in media:
                holds(media["example"], media["schema"])


@pytest.mark.parametrize("call", [each for each in IMAGE.calls if each.http], ids=lambda each: each.name)
def test_the_gateway_takes_the_examples_and_its_answers_fit_their_schema(call: Any):
    for binding in bindings(call):
        operation = DOCUMENT["paths"][binding.template.text][binding.method.lower()]
        body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("example")
        binding.message(binding.request({}, b"", orjson.dumps(body) if body is not None else b""))
        schema = operation["responses"]["200"]["content"].get("application/json", {}).get("schema")
        if schema is not None:
            holds(json.loads(orjson.dumps(binding.render(call.response_class()))), schema)


def test_limits_of_the_protos_are_in_the_schemas():
    session = DOCUMENT["components"]["schemas"]["SessionInput"]
    assert set(session["required"]) == {"user_id", "started_at"}
    assert session["properties"]["duration_minutes"]["maximum"] == 1440
    assert session["additionalProperties"] is False
    severity = DOCUMENT["components"]["schemas"]["Alert"]["properties"]["severity"]
    assert severity["enum"] == ["low", "medium", "high", "critical"]


def test_the_page_names_every_operation_and_holds_no_inline_script_or_style():
    reference = Reference(IMAGE, templates())
    page, zipped, _ = reference._page_bodies
    text = page.decode()
    assert all(f'id="{operation["operationId"]}"' in text for _, _, operation in OPERATIONS)
    assert "<style" not in text
    assert " style=" not in text
    assert " on" + "click" not in text
    assert text.count("<script") == 1
    assert 'src="/static/reference.mjs"' in text
    assert "https://" not in text.replace("https://example.org", "")
    assert len(zipped) < 400_000

"""What strangers try: heads and bodies without an end, smuggled headers, foreign names, odd paths, forged tokens."""

import asyncio
import json
import logging
import time
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import jwt
import pytest
from pydantic import SecretStr

from gateway import connections
from gateway.exchange import Exchange
from tests.gateway_services import Running, guarded_gateway, running_gateway

SECRET = "a secret of at least thirty-two bytes"


def token(role: str = "admin", **claims: object) -> str:
    return jwt.encode({"sub": role, "role": role, "exp": int(time.time()) + 600, **claims}, SECRET, algorithm="HS256")


@pytest.fixture
async def guarded() -> AsyncIterator[Running]:
    async with guarded_gateway(auth_secret_key=SecretStr(SECRET)) as running:
        yield running


async def exchange(running: Running, sent: bytes) -> bytes:
    """Send bytes as they are and return one answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", running.ports[0])
    writer.write(sent)
    try:
        async with asyncio.timeout(60):
            head = await reader.readuntil(b"\r\n\r\n")
            length = next((each for each in head.lower().split(b"\r\n") if each.startswith(b"content-length:")), b":0")
            return head + await reader.readexactly(int(length.partition(b":")[2]))
    finally:
        writer.close()


def status(answer: bytes) -> int:
    return int(answer.split(b" ")[1])


HEAD = b"POST /api/v1/reports HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"


@pytest.mark.parametrize(
    "rest",
    [
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /health HTTP/1.1\r\nHost: x\r\n\r\n",
        b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n12345",
        b"Content-Length: +5\r\n\r\n12345",
        b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n2\n{}\n0\n\n",
        b"X-Folded: a\r\n Authorization: Bearer b\r\n\r\n",
    ],
    ids=["both", "two lengths", "signed", "other coding", "space", "coding after chunked", "bare LF", "folded"],
)
async def test_a_body_whose_end_two_servers_could_see_differently_is_refused(guarded: Running, rest: bytes):
    assert status(await exchange(guarded, HEAD + rest)) == 400


async def test_fields_after_the_body_are_no_headers(guarded: Running):
    bearer = b"Authorization: Bearer " + token().encode() + b"\r\n"
    sent = HEAD + bearer + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n"
    assert status(await exchange(guarded, sent + b"Authorization: Bearer other\r\n\r\n")) == 400  # it says nothing
    unsigned = HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n" + bearer + b"\r\n"
    assert status(await exchange(guarded, unsigned)) == 401


@pytest.mark.parametrize(
    "rest",
    [
        b"X: " + b"a" * 100_000 + b"\r\n\r\n",
        b"".join(b"X%d: a\r\n" % number for number in range(10_000)) + b"\r\n",
        b"X: " + b"a" * 2_000_000,
    ],
    ids=["long", "many", "endless"],
)
async def test_a_head_that_is_too_large_is_refused(guarded: Running, rest: bytes):
    assert status(await exchange(guarded, b"GET /health HTTP/1.1\r\nHost: x\r\n" + rest)) == 431


@pytest.mark.parametrize("sent", [b"", b"GET /health HTT", HEAD], ids=["nothing", "half a line", "headers without end"])
async def test_a_head_that_does_not_end_is_given_up(monkeypatch: pytest.MonkeyPatch, sent: bytes):
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.1)
    async with running_gateway() as running:
        assert status(await exchange(running, sent)) == 408


async def test_a_body_that_does_not_end_is_given_up():
    async with running_gateway(gateway_timeout=timedelta(milliseconds=200)) as running:
        for path in (b"/api/v1/reports", b"/sign-in", b"/reports/generate"):
            head = (
                b"POST "
                + path
                + b" HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{"
            )
            assert status(await exchange(running, head)) == 408, path


async def test_a_caller_that_leaves_within_its_body_is_no_failure(guarded: Running, caplog: pytest.LogCaptureFixture):
    reader, writer = await asyncio.open_connection("127.0.0.1", guarded.ports[0])
    writer.write(HEAD + b"Content-Length: 9\r\n\r\n{")
    await writer.drain()
    writer.close()
    await reader.read()
    assert (await guarded.client.get("/health")).status_code == 200
    assert [each.message for each in caplog.records if each.levelno >= logging.ERROR] == []


@pytest.mark.parametrize("path", ["/sign-in", "/cohorts", "/dashboards/x"])
async def test_pages_and_signing_in_cost_a_turn_too(path: str):
    async with running_gateway(gateway_rate=0.001, gateway_burst=2) as running:
        got = [(await running.client.get(path)).status_code for _ in range(3)]
        assert got[-1] == 429
        assert 429 not in got[:2]
        assert (await running.client.get("/health")).status_code == 200


async def test_nobody_gets_further_turns_by_naming_other_addresses():
    async with running_gateway(gateway_rate=0.001, gateway_burst=2) as running:
        for number in range(3):
            forged = {
                "X-Forwarded-For": f"10.0.0.{number}",
                "Forwarded": f"for=10.0.0.{number}",
                "X-Real-IP": "1.1.1.1",
            }
            got = await running.client.get("/api/v1/alerts", headers=forged)
        assert got.status_code == 429


async def test_while_anybody_may_ask_only_this_machine_s_names_lead_here():
    async with running_gateway(auth="off") as running:
        for host, expected in (("evil.example:8098", 421), ("[", 421), ("localhost:1", 200), ("[::1]", 200)):
            for path in ("/api/v1/alerts", "/health"):
                got = await running.client.get(path, headers={"Host": host})
                assert got.status_code == expected, (host, path)
    async with running_gateway(auth="off", auth_off_bind="0.0.0.0") as running:
        assert (await running.client.get("/api/v1/alerts", headers={"Host": "gateway"})).status_code == 200


def part(value: object) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


@pytest.mark.parametrize("algorithm", [["HS256"], {"HS256": 1}, None, True, 1e999, "none", "None", "hs256", "HS512"])
async def test_a_token_of_an_algorithm_that_is_none_is_refused_and_no_failure(guarded: Running, algorithm: object):
    forged = f"{part({'alg': algorithm, 'typ': 'JWT'})}.{part({'sub': 'a', 'role': 'admin', 'exp': 2**33})}.c2ln"
    got = await guarded.client.get("/api/v1/alerts", headers={"Authorization": f"Bearer {forged}"})
    assert (got.status_code, got.json()["reason"]) == (401, "token_algorithm")


async def test_who_may_not_read_learns_nothing_from_another_s_validator(guarded: Running):
    known = (await guarded.client.get("/api/v1/cohorts", headers={"Authorization": f"Bearer {token()}"})).headers[
        "etag"
    ]
    for role, expected in (("researcher", 304), ("player", 403)):
        for validator in (known, "*"):
            headers = {"Authorization": f"Bearer {token(role)}", "If-None-Match": validator}
            got = await guarded.client.get("/api/v1/cohorts", headers=headers)
            assert got.status_code == expected, (role, validator)
    assert (await guarded.client.get("/api/v1/cohorts", headers={"If-None-Match": known})).status_code == 401


@pytest.mark.parametrize(
    "path",
    [
        *("/api/v1/alerts%2Fstream", "//api/v1/alerts", "/api/v1//alerts", "/api/v1/alerts/", "/api/v1/alerts;x=1"),
        *("/API/v1/alerts", "/api/v1/alerts%00", "/static/..%2f..%2fsettings.py", "/static/%2e%2e/settings.py"),
        *("/alerts/%73tream", "/alerts/a%2fb", "/dashboards/..%2f..%2fhealth"),
    ],
)
async def test_a_path_has_one_reading(guarded: Running, path: str):
    url = httpx.URL(guarded.url("")).copy_with(raw_path=path.encode())
    headers = {"Authorization": f"Bearer {token()}", "Accept": "text/html"}
    got = await guarded.client.get(url, headers=headers)
    assert got.status_code == 404 or (path == "/alerts/%73tream" and "does not exist" in got.text)
    assert all(seen.name != "StreamAlerts" for seen in guarded.services.seen)


async def test_a_failure_is_a_page_for_people_that_tells_nothing_but_the_trace(guarded: Running):
    headers = {"Authorization": f"Bearer {token()}", "Accept": "text/html"}
    got = await guarded.client.get("/alerts/a-1", headers=headers)  # the stand-in's alert is empty: no page can show it
    assert (got.status_code, got.headers["content-type"]) == (500, "text/html; charset=utf-8")
    assert "This page could not be shown" in got.text
    assert "severity" not in got.text


@pytest.mark.parametrize("ticket", ["x", "A" * 64, token()], ids=["short", "long", "token"])
async def test_a_ticket_that_was_not_made_here_opens_nothing(guarded: Running, ticket: str):
    got = await guarded.client.get("/api/v1/alerts/stream", params={"ticket": ticket})
    assert (got.status_code, got.json()["reason"]) == (403, "ticket_invalid")
    assert guarded.services.seen == []


async def test_the_predecessor_s_paths_ask_for_the_same_permissions(guarded: Running):
    for path, body in (("/metrics/process", {"metric_name": "x", "value": 1}), ("/users/process", {"user_id": "a"})):
        assert (await guarded.client.post(path, json=body)).status_code == 401
        headers = {"Authorization": f"Bearer {token('player')}"}
        assert (await guarded.client.post(path, json=body, headers=headers)).status_code == 403


async def test_callers_of_one_network_of_version_6_share_a_rate():
    def address(text: str) -> str:
        scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": [], "client": (text, 1)}
        return Exchange(scope, None, None).address  # type: ignore[arg-type]

    assert address("2001:db8:1:2:3::1") == address("2001:db8:1:2:4::9") != address("2001:db8:1:3::1")
    assert address("::ffff:10.0.0.1") == address("10.0.0.1") == "10.0.0.1"

"""Signing in by link, the cookie that follows from it, and what foreign pages can do with it: nothing."""

import re
import time
from collections.abc import AsyncIterator

import httpx
import jwt
import pytest
from pydantic import SecretStr

from gateway.settings import GatewaySettings
from mesh.sign_in import make_code
from mesh.tokens import Verifier
from tests.gateway_services import Running, running_gateway

SECRET = "a secret of at least thirty-two bytes"


@pytest.fixture
async def gateway() -> AsyncIterator[Running]:
    secret = SecretStr(SECRET)
    async with running_gateway(Verifier(GatewaySettings(auth_secret_key=secret)), auth_secret_key=secret) as running:
        yield running


def code(**values: float) -> str:
    return make_code(SECRET.encode(), name="operator", role="admin", now=values.get("now", time.time()))


async def enter(gateway: Running, text: str, **headers: str) -> httpx.Response:
    origin = {"Origin": gateway.url(""), **headers}
    return await gateway.client.post("/sign-in", data={"code": text}, headers=origin)


async def csrf_of(gateway: Running) -> str:
    got = await gateway.client.get("/api/session")
    found: str = got.json()["csrf_token"]
    return found


async def test_a_link_signs_in_once_and_looking_at_it_uses_nothing_up(gateway: Running):
    link = code()
    for _ in range(2):
        assert "Sign in" in (await gateway.client.get(f"/sign-in?code={link}")).text
    got = await enter(gateway, link)
    assert got.status_code == 303
    cookie = got.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert (await enter(gateway, link)).status_code == 403


@pytest.mark.parametrize(
    "text", ["", "x.y.z", make_code(b"another secret of thirty-two bytes!", name="a", role="admin", now=2e9)]
)
async def test_a_link_that_is_not_ours_opens_nothing(gateway: Running, text: str):
    got = await enter(gateway, text)
    assert got.status_code == 403
    assert "set-cookie" not in got.headers


async def test_a_link_is_too_old_after_five_minutes(gateway: Running):
    assert (await enter(gateway, code(now=time.time() - 301))).status_code == 403


async def test_a_link_from_before_the_gateway_started_is_refused_as_it_may_have_been_used(gateway: Running):
    assert (await enter(gateway, code(now=time.time() - 120))).status_code == 403


async def test_the_services_see_the_reader_s_own_token(gateway: Running):
    await enter(gateway, code())
    await gateway.client.get("/api/v1/alerts")
    token = gateway.services.seen[-1].metadata["authorization"].removeprefix("Bearer ")
    caller = await Verifier(gateway.settings).caller(token)
    assert (caller.name, caller.role) == ("operator", "admin")


async def test_a_write_by_cookie_needs_its_token_and_our_own_page(gateway: Running):
    await enter(gateway, code())
    path = "/api/v1/alerts/a-1:acknowledge"
    got = await gateway.client.post(path, json={})
    assert (got.status_code, got.json()["reason"]) == (403, "csrf_token_missing")
    token = await csrf_of(gateway)
    assert (await gateway.client.post(path, json={}, headers={"X-CSRF-Token": token})).status_code == 200
    foreign = {"X-CSRF-Token": token, "Origin": "https://evil.example"}
    assert (await gateway.client.post(path, json={}, headers=foreign)).json()["reason"] == "foreign_origin"
    assert (await gateway.client.get("/api/v1/alerts")).status_code == 200


async def test_a_bearer_token_needs_no_other(gateway: Running):
    got = await gateway.client.post("/api/v1/alerts/a-1:acknowledge", json={}, headers={"Authorization": "Bearer x"})
    assert got.status_code == 200


async def test_a_form_of_another_site_signs_nobody_in(gateway: Running):
    got = await enter(gateway, code(), Origin="https://evil.example")
    assert got.status_code == 403


async def test_signing_out_ends_the_session(gateway: Running):
    await enter(gateway, code())
    got = await gateway.client.post("/sign-out", headers={"Origin": gateway.url("")})
    assert got.status_code == 303
    assert re.search(r"Max-Age=0", got.headers["set-cookie"])
    assert (await gateway.client.get("/api/session")).json() == {"signed_in": False}


async def test_a_cookie_that_was_tampered_with_is_nobody_s(gateway: Running):
    await enter(gateway, code())
    (cookie,) = gateway.client.cookies.jar
    assert cookie.value is not None
    broken = cookie.value[:-2] + ("AA" if cookie.value[-2:] != "AA" else "BB")
    async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
        got = await client.get(gateway.url("/api/v1/alerts"), headers={"Cookie": f"{cookie.name}={broken}"})
    assert got.status_code == 200
    assert "authorization" not in gateway.services.seen[-1].metadata


async def test_an_access_token_of_tta_signs_in_until_it_ends(gateway: Running):
    token = jwt.encode({"sub": "dr", "role": "therapist", "exp": int(time.time()) + 60}, SECRET, algorithm="HS256")
    origin = {"Origin": gateway.url("")}
    got = await gateway.client.post("/sign-in", data={"token": token}, headers=origin)
    found = re.search(r"Max-Age=(\d+)", got.headers["set-cookie"])
    assert found is not None
    assert int(found[1]) <= 60
    got = await gateway.client.post("/sign-in", data={"token": "x"}, headers=origin)
    assert got.status_code == 403

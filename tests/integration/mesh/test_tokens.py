import json
import time
from datetime import UTC, datetime, timedelta

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from mesh.http import HttpServer
from mesh.identity import service_token
from mesh.permissions import ROLES
from mesh.refusal import Unauthenticated, Unavailable
from mesh.settings import SettingError, Settings
from mesh.tokens import PublishedKeys, Verifier, usable
from tests.integration.mesh.conftest import SECRET, token
from tests.servers import free_port

RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())


def published(key, key_id, **more):
    algorithm = jwt.algorithms.RSAAlgorithm if isinstance(key, rsa.RSAPrivateKey) else jwt.algorithms.ECAlgorithm
    return json.loads(algorithm.to_jwk(key.public_key())) | {"kid": key_id} | more


class KeyServer:
    """Serves a JWKS document that the test may change."""

    def __init__(self):
        self.keys = [published(RSA_KEY, "r1"), published(EC_KEY, "e1")]
        self.asked = 0
        self.status = 200

    async def __call__(self, scope, receive, send):
        self.asked += 1
        body = json.dumps({"keys": self.keys}).encode()
        headers = [(b"content-type", b"application/json"), (b"location", b"/elsewhere")]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


@pytest.fixture
async def key_server():
    app = KeyServer()
    server = HttpServer(app, "127.0.0.1", 0)
    await server.start()
    app.url = f"http://127.0.0.1:{server.port}/jwks"
    yield app
    await server.stop()


@pytest.fixture
async def verifier(key_server):
    verifier = Verifier(Settings(auth_secret_key=SECRET, auth_jwks_url=key_server.url))
    yield verifier
    await verifier.close()


async def reason(verifier, bearer):
    with pytest.raises(Unauthenticated) as refusal:
        await verifier.caller(bearer)
    return refusal.value.reason


async def test_tokens_signed_by_published_keys_are_accepted(verifier, key_server):
    for key, algorithm, key_id in ((RSA_KEY, "RS256", "r1"), (EC_KEY, "ES256", "e1")):
        caller = await verifier.caller(token("researcher", secret=key, algorithm=algorithm, headers={"kid": key_id}))
        assert (caller.name, caller.role) == ("someone", "researcher")
    assert key_server.asked == 1


async def test_a_key_serves_its_own_family_only(verifier):
    public = EC_KEY.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    # The classic confusion: a public key taken for an HMAC secret.
    forged = jwt.api_jws.encode(
        json.dumps({"sub": "x", "role": "admin", "exp": time.time() + 60}).encode(),
        public.replace(b"-----", b"").strip(),
        algorithm="HS256",
        headers={"kid": "e1"},
    )
    assert await reason(verifier, forged) == "token_invalid"
    crossed = token(secret=EC_KEY, algorithm="ES256", headers={"kid": "r1"})
    assert await reason(verifier, crossed) == "token_key_unknown"
    assert await reason(verifier, token(secret=RSA_KEY, algorithm="PS256", headers={"kid": "r1"})) == "token_algorithm"


async def test_without_a_jwks_address_asymmetric_tokens_are_refused():
    verifier = Verifier(Settings(auth_secret_key=SECRET))
    assert await reason(verifier, token(secret=RSA_KEY, algorithm="RS256")) == "token_algorithm"


async def test_without_a_secret_hs256_tokens_are_refused(key_server):
    verifier = Verifier(Settings(auth_jwks_url=key_server.url))
    assert await reason(verifier, token()) == "token_algorithm"
    await verifier.close()


async def test_an_unknown_key_is_looked_up_again_but_not_by_every_request(verifier, key_server):
    await verifier.caller(token(secret=RSA_KEY, algorithm="RS256", headers={"kid": "r1"}))
    for _ in range(5):
        stranger = token(secret=RSA_KEY, algorithm="RS256", headers={"kid": "r2"})
        assert await reason(verifier, stranger) == "token_key_unknown"
    assert key_server.asked <= 2


async def test_keys_that_are_known_stay_good_while_the_address_is_away(key_server):
    moments = [0.0]
    keys = PublishedKeys(key_server.url, clock=lambda: moments[0])
    await keys.key("r1", "RSA")
    key_server.status = 500
    moments[0] = 1000.0
    await keys.key("r1", "RSA")
    assert key_server.asked == 2
    await keys.close()


async def test_while_no_key_could_be_fetched_the_caller_is_told_to_come_back():
    keys = PublishedKeys(f"http://127.0.0.1:{free_port()}/jwks")
    with pytest.raises(Unavailable) as refusal:
        await keys.key("r1", "RSA")
    assert refusal.value.retry_after is not None
    await keys.close()


async def test_redirects_are_not_followed(key_server):
    key_server.status = 302
    keys = PublishedKeys(key_server.url)
    with pytest.raises(Unavailable):
        await keys.key("r1", "RSA")
    assert key_server.asked == 1
    await keys.close()


def test_published_keys_for_other_uses_are_left_out():
    assert usable(published(RSA_KEY, "k"))
    assert not usable(published(RSA_KEY, "k", use="enc"))
    assert not usable(published(RSA_KEY, "k", alg="RS512"))
    assert not usable(published(ec.generate_private_key(ec.SECP384R1()), "k"))
    assert not usable({"kty": "oct", "k": "c2VjcmV0", "kid": "k"})


async def test_a_cached_token_still_expires():
    moments = [datetime.now(UTC)]
    verifier = Verifier(Settings(auth_secret_key=SECRET), now=lambda: moments[0])
    bearer = token(lasts=60)
    caller = await verifier.caller(bearer)
    assert await verifier.caller(bearer) is caller
    moments[0] += timedelta(seconds=61)
    assert await reason(verifier, bearer) == "token_expired"


async def test_claims_become_the_caller(verifier):
    caller = await verifier.caller(token("therapist", sub="t-1", mfa_verified=True))
    assert (caller.name, caller.player_id, caller.mfa_verified) == ("t-1", None, True)
    assert caller.permissions == ROLES["therapist"]
    assert caller.may("manage_silences")
    assert not caller.may("manage_rules")
    assert caller.expires_at - datetime.now(UTC) <= timedelta(seconds=60)
    assert (await verifier.caller(token("therapist"))).mfa_verified is None
    assert (await verifier.caller(token("therapist", mfa_verified="yes"))).mfa_verified is False


async def test_a_players_name_in_records_is_the_same_everywhere_and_tells_no_id():
    one = Verifier(Settings(auth_secret_key=SECRET))
    two = Verifier(Settings(auth_secret_key=SECRET))
    first, second = await one.caller(token(None, sub="p-77")), await two.caller(token(None, sub="p-77"))
    assert first.name == second.name
    assert "p-77" not in first.name
    assert first.player_id == "p-77"
    assert (await one.caller(token(None, sub="p-78"))).name != first.name


@pytest.mark.parametrize("role", ["Player", "patient", "PLAYER "])
async def test_a_caller_of_an_unknown_role_is_named_as_a_player_is(role):
    caller = await Verifier(Settings(auth_secret_key=SECRET)).caller(token(role, sub="p-77"))
    assert "p-77" not in caller.name
    assert caller.permissions == frozenset()


@pytest.mark.parametrize("end", [10**20, 1e300, -(10**20)])
async def test_an_end_beyond_the_calendar_is_refused(end):
    bearer = jwt.encode({"sub": "x", "role": "admin", "exp": end}, SECRET, "HS256")
    with pytest.raises(Unauthenticated):
        await Verifier(Settings(auth_secret_key=SECRET)).caller(bearer)


async def test_services_make_tokens_that_services_accept():
    settings = Settings(auth_secret_key=SECRET, auth_issuer="tta", auth_audience="analytics")
    verifier = Verifier(settings)
    caller = await verifier.caller(service_token(settings, "reporting"))
    assert (caller.name, caller.permissions) == ("reporting", ROLES["service"])
    narrow = service_token(settings, "reporting", role="researcher", permissions=["view_anonymized_data"])
    assert (await verifier.caller(narrow)).may("view_anonymized_data")
    assert not (await verifier.caller(narrow)).may("export_anonymized_data")
    assert service_token(Settings(auth="off"), "reporting") == ""


def test_authentication_without_anything_to_check_tokens_with_is_one_clear_line():
    with pytest.raises(SettingError, match="TTA_AUTH_SECRET_KEY: is not set; set it or TTA_AUTH_JWKS_URL"):
        Verifier(Settings())
    Verifier(Settings(auth="off"))


async def test_the_key_servers_answer_may_be_garbage(key_server):
    key_server.keys = [{"kty": "RSA"}, 7]
    keys = PublishedKeys(key_server.url)
    with pytest.raises(Unavailable):
        await keys.key("r1", "RSA")
    await keys.close()


@pytest.mark.parametrize("claim", ["iat", "nbf"])
async def test_a_token_may_come_from_a_clock_a_little_ahead_but_never_lasts_longer(claim):
    verifier = Verifier(Settings(auth_secret_key=SECRET))
    ahead = datetime.now(UTC) + timedelta(seconds=5)
    assert (await verifier.caller(token(**{claim: ahead}))).role == "admin"
    assert await reason(verifier, token(**{claim: ahead + timedelta(seconds=30)})) == "token_invalid"
    assert await reason(verifier, token(lasts=-1)) == "token_expired"

"""The gateway against its own reference: thousands of made-up requests, no 5xx, no answer that is not documented."""

import asyncio
import sys
import time

import jwt
from pydantic import SecretStr

from tests.gateway_services import guarded_gateway

SECRET = "a secret of at least thirty-two bytes"
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"


async def test_no_request_gets_a_5xx_or_an_undocumented_answer():
    secret = SecretStr(SECRET)
    token = jwt.encode({"sub": "t", "role": "admin", "exp": int(time.time()) + 3600}, SECRET, algorithm="HS256")
    async with guarded_gateway(auth_secret_key=secret, gateway_rate=0) as gateway:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", "from schemathesis.cli import schemathesis; schemathesis()", "run"),
            *(gateway.url("/api/v1/openapi.json"), "--header", f"Authorization: Bearer {token}"),
            *("--url", gateway.url(""), "--checks", CHECKS, "--phases", "examples,fuzzing"),
            *("--max-examples", "20", "--seed", "7", "--exclude-path-regex", "/(stream|progress)$", "--no-color"),
            *("--request-timeout", "10", "--workers", "1", "--generation-database", "none"),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        out, _ = await process.communicate()
    assert process.returncode == 0, out.decode()[-8000:]

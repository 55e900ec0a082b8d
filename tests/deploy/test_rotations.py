"""Passwords of Redis and of the mail server are changed as the operations guide says, while alerts go on."""

import asyncio
import re
import secrets
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult
from redis.asyncio import Redis
from tta.analytics.v1 import (
    alert_pb2,
    alert_pb2_grpc,
    monitoring_pb2,
    monitoring_pb2_grpc,
    notification_pb2,
    notification_pb2_grpc,
)

from gateway.limits import SharedBuckets
from tests.deploy.test_guide import section
from tests.integration.monitoring.conftest import CRISIS, eventually
from tests.integration.monitoring.processes import Process
from tests.integration.monitoring.receivers import MailServer
from tests.prepared import prepared
from tests.servers import RedisServer, running_redis

OLD, NEW = secrets.token_hex(32), secrets.token_hex(32)


def told(secret: str) -> str:
    """Return what the guide says of changing a secret."""
    rows = re.findall(r"^\| (.*?) \| (.*?) \|", section("Rotate keys and certificates"), re.MULTILINE)
    (how,) = [how for what, how in rows if what.startswith(f"`{secret}`")]
    return how


async def fired(process: Process, player: str) -> str:
    """Signal a crisis of a player; return its alert."""
    stub = monitoring_pb2_grpc.MonitoringServiceStub(process.channel())
    request = monitoring_pb2.ProcessSignalRequest(
        signal=monitoring_pb2.Signal(user_id=player, recent_messages=[CRISIS])
    )
    answer = await stub.ProcessSignal(request, wait_for_ready=True, timeout=120)
    return str(answer.fired[0].alert_id)


async def replaced(process: Process) -> None:
    """Restart a process, as `kubectl rollout restart` does: it reads its secrets anew."""
    await process.send(signal.SIGTERM)
    await process.start()


@asynccontextmanager
async def closing(*processes: Process) -> AsyncIterator[None]:
    async with AsyncExitStack() as stack:
        for process in processes:
            stack.push_async_callback(process.close)
        yield


def patient(url: str, **options: Any) -> Redis:
    """Return a client of Redis that waits as long as a busy machine needs; others wait five seconds and ask again."""
    return Redis.from_url(url, socket_timeout=120, socket_connect_timeout=120, **options)


def address(server: RedisServer, password: str) -> str:
    return f"redis://:{password}@127.0.0.1:{server.port}/0"


@asynccontextmanager
async def guarded_redis() -> AsyncIterator[tuple[RedisServer, Redis]]:
    """Run Redis under the old password; an administrator is signed in."""
    with running_redis() as server:
        async with patient(server.url, single_connection_client=True) as administrator:
            await administrator.config_set("requirepass", OLD)
            yield server, administrator


async def change_password(administrator: Redis) -> None:
    """Do what the guide says at Redis; whoever was connected has to sign in again."""
    (command,) = re.findall(r"`(CONFIG SET \w+)`", told("redis-url"))
    await administrator.execute_command(*command.split(), NEW)
    await administrator.execute_command("CLIENT", "KILL", "SKIPME", "yes")


async def test_redis_gets_another_password_and_no_alert_waits(postgres_url: str, tmp_path: Path):
    secret = tmp_path / "redis-url"
    await prepared(postgres_url, "monitoring_svc")
    replicas = [Process(postgres_url, redis_url_file=secret, crisis_semantic="off") for _ in range(2)]
    async with guarded_redis() as (server, administrator), closing(*replicas):

        async def listening() -> int:
            return len(await administrator.client_list(_type="pubsub"))

        async def both_listen() -> bool:
            return await listening() == 2

        async def arrives(player: str) -> None:
            """See that what one replica takes in is heard at the other."""
            alert_id = await fired(replicas[0], player)
            stub = alert_pb2_grpc.AlertServiceStub(replicas[1].channel("admin"))
            call = stub.StreamAlerts(alert_pb2.StreamAlertsRequest(cursor="0"), wait_for_ready=True)
            async with asyncio.timeout(120):
                async for message in call:
                    if message.HasField("event") and message.event.alert_id == alert_id:
                        break
            call.cancel()

        secret.write_text(address(server, OLD))
        for one in replicas:
            await one.start()
        await eventually(both_listen, 120)
        await arrives("before")
        secret.write_text(address(server, NEW))
        await change_password(administrator)
        await arrives("while neither may enter Redis")
        assert await listening() == 0
        for one in replicas:
            await replaced(one)
            await arrives(f"after {one.port}")
        await eventually(both_listen, 120)


async def test_gateways_count_alone_until_they_have_the_new_password_of_redis_and_then_together():
    async with guarded_redis() as (server, administrator):

        async def taken(password: str, caller: str) -> int:
            """Return how many of six requests two gateways let through, where three are allowed."""
            url = address(server, password)
            async with patient(url) as one, patient(url) as other:
                gateways = [SharedBuckets(redis, 0.001, 3) for redis in (one, other)]
                return sum([await gateways[turn % 2].wait(caller, 0.0) == 0 for turn in range(6)])

        assert await taken(OLD, "before") == 3
        await change_password(administrator)
        assert await taken(OLD, "while the old one is refused") == 6
        assert await taken(NEW, "after") == 3


class GuardedMail(MailServer):
    """An SMTP server that wants one of the passwords."""

    def __init__(self, *passwords: str) -> None:
        super().__init__()
        self.passwords = set(passwords)

    def may_enter(self, server: Any, session: Any, envelope: Any, mechanism: str, given: Any) -> AuthResult:
        return AuthResult(success=given.password.decode() in self.passwords, handled=False)


@asynccontextmanager
async def guarded_mail(server: GuardedMail) -> AsyncIterator[None]:
    loop = asyncio.get_running_loop()

    def session() -> SMTP:
        return SMTP(server, loop=loop, authenticator=server.may_enter, auth_required=True, auth_require_tls=False)

    listening = await loop.create_server(session, "127.0.0.1", 0)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield
    finally:
        listening.close()


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning")
@pytest.mark.parametrize("second", [True, False], ids=["two passwords at once", "one password"])
async def test_the_mail_server_gets_another_password_and_every_message_is_sent(
    postgres_url: str, tmp_path: Path, second: bool
):
    assert "`kubectl rollout restart deployment/monitoring`" in told("mail")
    secret, server = tmp_path / "password", GuardedMail(OLD)
    await prepared(postgres_url, "monitoring_svc")
    async with guarded_mail(server):
        process = Process(
            postgres_url,
            crisis_semantic="off",
            smtp_host="127.0.0.1",
            smtp_port=server.port,
            smtp_security="none",
            smtp_username="tta-analytics",
            smtp_password_file=secret,
        )
        async with closing(process):
            secret.write_text(OLD)
            await process.start()
            stub = notification_pb2_grpc.NotificationServiceStub(process.channel("admin"))
            contact = notification_pb2.ContactDefinition(
                name="on duty", channel=notification_pb2.CHANNEL_EMAIL, address="on-duty@example.org", enabled=True
            )
            made = await stub.CreateContact(
                notification_pb2.CreateContactRequest(definition=contact), wait_for_ready=True, timeout=120
            )
            route = notification_pb2.RouteDefinition(name="all", contact_ids=[made.contact_id], enabled=True)
            await stub.CreateRoute(notification_pb2.CreateRouteRequest(definition=route))

            async def deliveries(alert_id: str) -> list[notification_pb2.Delivery]:
                request = notification_pb2.ListDeliveriesRequest(alert_id=alert_id)
                return list((await stub.ListDeliveries(request, wait_for_ready=True, timeout=120)).deliveries)

            async def mailed(alert_id: str) -> bool:
                keys = {mail["Message-ID"].partition("@")[0].lstrip("<") for _, mail in server.mails}
                return any(one.delivery_id in keys for one in await deliveries(alert_id))

            async def refused(alert_id: str) -> bool:
                return any("535" in one.last_error for one in await deliveries(alert_id))

            before = await fired(process, "before")
            await eventually(lambda: mailed(before), 120)
            server.passwords = {OLD, NEW} if second else {NEW}
            secret.write_text(NEW)
            meanwhile = await fired(process, "meanwhile")
            await eventually(lambda: (mailed if second else refused)(meanwhile), 120)
            await replaced(process)
            await eventually(lambda: mailed(meanwhile), 120)
            server.passwords = {NEW}
            after = await fired(process, "after")
            await eventually(lambda: mailed(after), 120)
            found = [one for alert_id in (before, meanwhile, after) for one in await deliveries(alert_id)]
            assert notification_pb2.DELIVERY_STATE_DEAD not in {one.state for one in found}

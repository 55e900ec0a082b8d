"""The steps of a rotation of keys, what is asked while it goes on, and what must hold after it."""

import hmac
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import sqlalchemy as sa
from tta.analytics.v1 import alert_pb2, notification_pb2, subject_rights_pb2

from mesh.audit import AuditLog
from mesh.database import Database
from mesh.pseudonyms import Pseudonymizer, Sealer
from monitoring_svc.adapters.key_rotation import KeyRotation
from monitoring_svc.adapters.store.tables import alert_events, alerts, audit_log, contacts
from monitoring_svc.adapters.subject_keys import SubjectKeys, pair
from tests.integration.monitoring.conftest import CRISIS, KEY, Running, eventually
from tests.integration.monitoring.receivers import Webhook

OLD, NEW = secrets.token_hex(32), secrets.token_hex(32)
ONE, KNOWN, BOTH, TWO = f"1:{OLD}", f"1*:{OLD},2:{NEW}", f"1:{OLD},2:{NEW}", f"2:{NEW}"
"""The steps of the guide: before, the new one known, the new one active, the old one away."""
SECRET = "signing secret"
LOW = {"engagement_score": 0.1}


def under(keys: str) -> dict[str, str]:
    return {"pseudonym_key": keys, "seal_key": keys}


def both(active: int = 2) -> SubjectKeys:
    keys = {1: OLD.encode(), 2: NEW.encode()}
    return SubjectKeys(Pseudonymizer(keys, active), Sealer(keys, active))


async def nothing() -> None:
    return


def rotation(database: Database, active: int = 2) -> KeyRotation:
    return KeyRotation(database, both(active), AuditLog(audit_log, KEY.encode()), nothing)


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    database = Database(url)
    yield database
    await database.close()


async def rotated(url: str) -> bool:
    """Whether the audit trail says that everything is under the new keys."""
    async with opened(url) as database, database.read() as connection:
        entries = await AuditLog(audit_log, KEY.encode()).list(connection, limit=9, action="keys_rotated")
    return any(entry.details == {"pseudonym": 2, "seal": 2} for entry in entries)


async def paged_by(running: Running, receiver: Webhook) -> None:
    definition = notification_pb2.ContactDefinition(
        name="on call", channel=notification_pb2.CHANNEL_WEBHOOK, address=receiver.url, secret=SECRET, enabled=True
    )
    made = await running.notifications.CreateContact(notification_pb2.CreateContactRequest(definition=definition))
    route = notification_pb2.RouteDefinition(name="all", contact_ids=[made.contact_id], enabled=True)
    await running.notifications.CreateRoute(notification_pb2.CreateRouteRequest(definition=route))


def signed(post: tuple[dict[str, str], dict[str, Any], bytes]) -> bool:
    headers, _, body = post
    timestamp, _, digest = headers["x-tta-signature"].removeprefix("t=").partition(",v1=")
    return hmac.new(SECRET.encode(), f"{timestamp}.".encode() + body, "sha256").hexdigest() == digest


async def pages(receiver: Webhook, alert_id: str) -> None:
    await eventually(lambda: any(post[1]["alert_id"] == alert_id and signed(post) for post in receiver.posts))


async def revealed(running: Running, alert_id: str) -> str:
    request = alert_pb2.RevealAlertSubjectRequest(alert_id=alert_id, purpose="to reach the player")
    return (await running.alerts.RevealAlertSubject(request)).user_id


async def collected(running: Running, user_id: str) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    async for chunk in running.rights.CollectSubject(subject_rights_pb2.CollectSubjectRequest(user_id=user_id)):
        found.setdefault(chunk.kind, []).extend(dict(record) for record in chunk.records)
    return found


async def forgotten(running: Running, user_id: str) -> bool:
    request = subject_rights_pb2.ForgetSubjectRequest(user_id=user_id, erasure_id="e1")
    return (await running.rights.ForgetSubject(request)).done


async def crisis(running: Running, user_id: str) -> str:
    (fired,) = (await running.signal(user_id, CRISIS)).fired
    return fired.alert_id


async def all_are_under_the_new_keys(database: Database) -> None:
    """See that nothing of a player or a contact needs the old keys."""
    keys = SubjectKeys(Pseudonymizer({2: NEW.encode()}, 2), Sealer({2: NEW.encode()}, 2))
    async with database.read() as connection:
        rows = (await connection.execute(sa.select(alerts).where(alerts.c.subject.is_not(None)))).all()
        assert rows
        for row in rows:
            assert row.subject == keys.pseudonyms.pseudonym(keys.sealer.open(row.sealed_subject, row.alert_id))
            assert row.key_versions == pair(2, 2)
        subjects = {row.alert_id: (row.subject, row.fingerprint) for row in rows}
        for event in (await connection.execute(sa.select(alert_events))).all():
            assert (event.subject, event.snapshot["fingerprint"]) == subjects[event.alert_id]
        for contact in (await connection.execute(sa.select(contacts))).all():
            assert keys.sealer.open(contact.secret, contact.contact_id) == SECRET

"""Opens what deliveries carry sealed: addresses, secrets of contacts, files."""

import base64
import json
from collections.abc import Sequence

from mesh.pseudonyms import Sealer
from monitoring_svc.adapters.store.outbox import Outbox
from monitoring_svc.domain.delivery import Delivery
from monitoring_svc.domain.routing import Contact
from monitoring_svc.ports import File, Parcel


class SealedParcels:
    """Seals before the row is written, opens for the moment of sending."""

    def __init__(self, sealer: Sealer, outbox: Outbox) -> None:
        """Seal with `sealer`; parcels lie in rows of `outbox`."""
        self._sealer = sealer
        self._outbox = outbox

    async def open(self, delivery: Delivery, contact: Contact | None) -> Parcel:
        """Return the address, the secret and the files of a delivery."""
        secret = ""
        if contact is not None and contact.secret:
            secret = self._sealer.open(contact.secret, contact.contact_id)
        if delivery.alert_id is not None or not delivery.content.get("document"):
            return Parcel(secret=secret)
        address, files = await self._outbox.parcel(delivery.delivery_id)
        return Parcel(
            self._sealer.open(address, delivery.delivery_id) if address else "",
            secret,
            _files(self._sealer.open(files, delivery.delivery_id)) if files else (),
        )

    def secret(self, secret: str, contact_id: str) -> bytes | None:
        """Seal a contact's secret; None for an empty one."""
        return self._sealer.seal(secret, contact_id) if secret else None

    def pack(self, delivery_id: str, address: str, files: Sequence[File]) -> tuple[bytes | None, bytes | None]:
        """Seal an address and files for a delivery's row."""
        return (
            self._sealer.seal(address, delivery_id) if address else None,
            self._sealer.seal(_text(files), delivery_id) if files else None,
        )


def _text(files: Sequence[File]) -> str:
    return json.dumps([[one.filename, one.content_type, base64.b64encode(one.content).decode()] for one in files])


def _files(text: str) -> tuple[File, ...]:
    return tuple(File(name, kind, base64.b64decode(content)) for name, kind, content in json.loads(text))

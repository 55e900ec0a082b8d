"""E-mail over SMTP. The Message-ID is the delivery's key, so that a mail that was sent twice shows as one."""

from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate
from typing import Literal

import aiosmtplib

from monitoring_svc.adapters.channels import wording
from monitoring_svc.domain.delivery import Delivery
from monitoring_svc.domain.routing import Contact
from monitoring_svc.ports import Parcel, SendFailed

Security = Literal["starttls", "tls", "none"]


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where mail is handed in."""

    host: str
    port: int
    sender: str
    """The From address."""
    security: Security = "starttls"
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    timeout: float = 15.0
    """Seconds for the whole conversation."""


class EmailSender:
    """Hands mail to one SMTP server."""

    def __init__(self, server: SmtpServer | None) -> None:
        """Use `server`; without one every mail fails and waits."""
        self._server = server

    async def send(self, delivery: Delivery, contact: Contact | None, parcel: Parcel) -> None:
        """Send a mail.

        Raises SendFailed: permanent where the recipient or the content was refused for good; a server that refuses us
        (its greeting, our password or sender) is mended by somebody, and worth another attempt.
        """
        server = self._server
        if server is None:
            raise SendFailed("no mail server is set (TTA_SMTP_HOST)")
        message = _message(server, delivery, parcel)
        message["To"] = contact.address if contact is not None else parcel.address
        try:
            await aiosmtplib.send(
                message,
                hostname=server.host,
                port=server.port,
                username=server.username,
                password=server.password,
                use_tls=server.security == "tls",
                start_tls=server.security == "starttls",
                timeout=server.timeout,
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            codes = sorted({refused.code for refused in error.recipients})
            raise SendFailed(f"recipient refused: {codes}", permanent=all(code >= 500 for code in codes)) from error
        except aiosmtplib.SMTPResponseException as error:
            for_good = isinstance(error, aiosmtplib.SMTPDataError) and error.code >= 500
            raise SendFailed(f"the mail server answered {error.code}", permanent=for_good) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise SendFailed(f"the mail server could not be reached: {type(error).__name__}") from error


def _message(server: SmtpServer, delivery: Delivery, parcel: Parcel) -> EmailMessage:
    message = EmailMessage()
    message["From"] = server.sender
    message["Subject"] = wording.title(delivery)
    message["Date"] = formatdate(delivery.created_at.timestamp())
    message["Message-ID"] = f"<{delivery.delivery_id}@{server.sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    if delivery.urgent:
        message["X-Priority"] = "1"
    message.set_content(wording.body(delivery))
    for file in parcel.files:
        kind, _, subtype = file.content_type.partition("/")
        message.add_attachment(file.content, maintype=kind, subtype=subtype or "octet-stream", filename=file.filename)
    return message

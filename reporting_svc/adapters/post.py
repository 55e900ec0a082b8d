"""Hands documents to monitoring, which sends them by e-mail and webhook."""

from dataclasses import dataclass
from typing import Any

import grpc
from tta.analytics.v1 import notification_pb2

from mesh.statuses import from_error
from reporting_svc.ports import Attachment, Post


@dataclass(frozen=True, slots=True)
class GrpcPost(Post):
    """Calls `NotificationService.SendDocument`; its request id makes a repeat count once."""

    notifications: Any
    """Async stub of the service."""

    async def send(
        self, request_id: str, contact_id: str, email_address: str, title: str, text: str, attachment: Attachment | None
    ) -> None:
        """Hand a document over."""
        files = (
            []
            if attachment is None
            else [
                notification_pb2.Attachment(
                    filename=attachment.file_name, content_type=attachment.media_type, content=attachment.content
                )
            ]
        )
        request = notification_pb2.SendDocumentRequest(
            request_id=request_id,
            contact_ids=[contact_id] if contact_id else [],
            email_addresses=[email_address] if email_address else [],
            title=title,
            text=text,
            attachments=files,
        )
        try:
            await self.notifications.SendDocument(request)
        except grpc.aio.AioRpcError as error:
            raise from_error(error) from error

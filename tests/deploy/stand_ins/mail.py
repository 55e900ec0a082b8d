"""Keeps every mail that it is sent and lists them as Mailpit does: `GET /api/v1/messages`, `GET /readyz`."""

import json
from email import message_from_bytes
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from aiosmtpd.controller import Controller

kept = []


class Sink:
    """Takes every mail."""

    async def handle_DATA(self, server, session, envelope):
        mail = message_from_bytes(envelope.content, policy=default)
        kept.append(
            {
                "MessageID": str(mail["message-id"]).strip("<>"),
                "From": {"Address": envelope.mail_from},
                "To": [{"Address": address} for address in envelope.rcpt_tos],
                "Subject": str(mail["subject"]),
            }
        )
        return "250 OK"


class Listing(BaseHTTPRequestHandler):
    """Answers with what was kept, newest first."""

    def do_GET(self):
        path = self.path.partition("?")[0]
        found = path == "/api/v1/messages"
        self.send_response(200 if found or path == "/readyz" else 404)
        self.send_header("content-type", "application/json")
        self.end_headers()
        if found:
            self.wfile.write(json.dumps({"total": len(kept), "messages": kept[::-1]}).encode())


Controller(Sink(), hostname="0.0.0.0", port=1025).start()
ThreadingHTTPServer(("0.0.0.0", 8025), Listing).serve_forever()

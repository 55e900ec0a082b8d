"""Which channel is served by what."""

from collections.abc import Callable
from datetime import datetime

from monitoring_svc.adapters.channels.email import EmailSender, SmtpServer
from monitoring_svc.adapters.channels.outbound import Outbound
from monitoring_svc.adapters.channels.sms import SmsSender
from monitoring_svc.adapters.channels.webhooks import PagerDutySender, SlackSender, WebhookSender
from monitoring_svc.domain.routing import Channel
from monitoring_svc.ports import Sender
from monitoring_svc.settings import MonitoringSettings


def senders(settings: MonitoringSettings, outbound: Outbound, clock: Callable[[], datetime]) -> dict[Channel, Sender]:
    """Return a sender a channel, as set; without a mail server e-mails wait in the outbox."""
    server = None
    if settings.smtp_host is not None:
        password = settings.smtp_password
        server = SmtpServer(
            settings.smtp_host,
            settings.smtp_port,
            settings.smtp_sender,
            settings.smtp_security,
            settings.smtp_username,
            None if password is None else password.get_secret_value(),
        )
    return {
        Channel.EMAIL: EmailSender(server),
        Channel.SMS: SmsSender(),
        Channel.SLACK: SlackSender(outbound),
        Channel.PAGERDUTY: PagerDutySender(outbound),
        Channel.WEBHOOK: WebhookSender(outbound, clock),
    }

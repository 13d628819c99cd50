"""Alerts by mail, over Django's SMTP backend. Reasons are codes: a server's own words may quote an address."""

from __future__ import annotations

import smtplib
from contextlib import suppress

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from bot.alerts.notes import Note
from bot.configuration import Configuration
from bot.delivery import SendOutcome, SendResult

TIMEOUT_S = 10


class MailSender:
    """One mail to one address at a time."""

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration

    def send(self, address: str, note: Note) -> SendOutcome:
        """Send; what happens before the server takes the message has surely failed, what breaks off later has not."""
        backend = self._backend()
        try:
            backend.open()
            return self._hand_over(backend, address, note)
        except smtplib.SMTPAuthenticationError:
            return SendOutcome(SendResult.FAILED, "auth")
        except smtplib.SMTPResponseException as error:
            return SendOutcome(SendResult.FAILED, f"smtp:{error.smtp_code}")
        except (smtplib.SMTPException, OSError):
            return SendOutcome(SendResult.FAILED, "no_connection")
        finally:
            with suppress(smtplib.SMTPException, OSError):
                backend.close()

    def _hand_over(self, backend: EmailBackend, address: str, note: Note) -> SendOutcome:
        sender = self._configuration.mail_from
        message = EmailMessage(note.subject, note.body, sender, [address], connection=backend)
        try:
            backend.send_messages([message])
        except smtplib.SMTPRecipientsRefused:
            return SendOutcome(SendResult.FAILED, "recipient")
        except (smtplib.SMTPServerDisconnected, TimeoutError, ConnectionError):
            return SendOutcome(SendResult.UNCERTAIN, "broken_off")
        return SendOutcome(SendResult.SENT)

    def _backend(self) -> EmailBackend:
        configuration = self._configuration
        return EmailBackend(
            host=configuration.smtp_host,
            port=configuration.smtp_port,
            username=configuration.smtp_user,
            password=configuration.smtp_password,
            use_tls=configuration.smtp_security == "starttls",
            use_ssl=configuration.smtp_security == "ssl",
            timeout=TIMEOUT_S,
        )

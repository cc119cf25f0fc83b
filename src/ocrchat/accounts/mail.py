"""Mail to account holders: through SMTP, else on the terminal of whoever runs the server. Never into a log."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Protocol, TextIO

from ocrchat.config import Settings
from ocrchat.errors import MailUnavailable

# A person waits for the answer to the form; a mail server that takes longer is not going to take the mail.
TIMEOUT_SECONDS = 15


@dataclass(frozen=True, kw_only=True, slots=True)
class Mail:
    """Subject and text hold the code: none of it is for a log."""

    to: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)


class Mailer(Protocol):
    def send(self, mail: Mail) -> None:
        """Raises MailUnavailable. MUST NOT be called within a unit of work."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class SMTPServer:
    host: str
    port: int
    security: str
    """"starttls", "tls" or "none"; "none" is for a server on the same machine."""
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)


class SMTPMailer:
    def __init__(self, server: SMTPServer, *, trust: Callable[[], ssl.SSLContext] = ssl.create_default_context) -> None:
        self._server = server
        self._trust = trust

    def send(self, mail: Mail) -> None:
        try:
            self._send(mail)
        except (OSError, smtplib.SMTPException, ValueError):  # ValueError: what no header of a mail can hold
            # What the server said may name the address, and this goes to a log.
            raise MailUnavailable("The mail could not be sent. Try again in a few minutes.") from None

    def _send(self, mail: Mail) -> None:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self._server.sender, mail.to, mail.subject
        message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain=_domain_of(self._server.sender))
        # Holiday replies and list software leave mail alone that says it was written by a program.
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(mail.text)
        with self._connect() as client:
            if self._server.user:
                client.login(self._server.user, self._server.password)
            client.send_message(message, to_addrs=[mail.to])

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        if server.security == "tls":
            return smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_SECONDS, context=self._trust())
        client = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_SECONDS)
        if server.security == "starttls":
            try:
                client.starttls(context=self._trust())
            except (OSError, smtplib.SMTPException):
                client.close()
                raise
        return client


class TerminalMailer:
    """For a single-user install. A stream that is not a terminal ends in some file, so it gets nothing."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def send(self, mail: Mail) -> None:
        if not self._stream.isatty():
            raise MailUnavailable(
                "This server cannot send mail: its operator has to set OCRCHAT_SMTP_HOST, or to run it on a terminal."
            )
        self._stream.write(f"\nTo: {mail.to}\nSubject: {mail.subject}\n\n{mail.text}\n")
        self._stream.flush()


def mailer_of(settings: Settings, terminal: TextIO) -> Mailer:
    """SMTP where a server is set, else the terminal that the program runs on."""
    if not settings.smtp_host:
        return TerminalMailer(terminal)
    return SMTPMailer(
        SMTPServer(
            host=settings.smtp_host,
            port=settings.smtp_port,
            security=settings.smtp_security,
            sender=settings.mail_from,
            user=settings.smtp_user,
            password=settings.smtp_password,
        )
    )


def _domain_of(sender: str) -> str:
    return sender.rpartition("@")[2].strip("> ") or "localhost"

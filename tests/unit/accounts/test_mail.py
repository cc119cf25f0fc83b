from __future__ import annotations

import io
import socket
import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import Message
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ocrchat.accounts import mail as mail_module
from ocrchat.accounts import mails
from ocrchat.accounts.mail import Mail, SMTPMailer, SMTPServer, TerminalMailer, mailer_of
from ocrchat.config import Settings
from ocrchat.errors import MailUnavailable

MAIL = Mail(to="ann@example.org", subject="Grüße 123456", text="Code: 123456\nhttps://reader.example/log-in/#abc\n")


class Inbox:
    """The other end: a real SMTP server's handler."""

    def __init__(self) -> None:
        self.mails: list[Message] = []
        self.users: list[bytes] = []
        self.secure: list[bool] = []
        self.refuse = False

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.refuse:
            return "554 ann@example.org is not welcome"
        assert isinstance(envelope.content, bytes)
        self.mails.append(message_from_bytes(envelope.content, policy=default))
        assert server.transport is not None
        self.secure.append(server.transport.get_extra_info("sslcontext") is not None)
        return "250 OK"

    def authenticate(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.users.append(data.login)
        return AuthResult(success=data.password == b"right")


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key and certificate for localhost, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def start(inbox: Inbox, certificate: Path) -> Iterator[Any]:
    started: list[Controller] = []

    def start(security: str, **more: Any) -> SMTPServer:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
        options: dict[str, Any] = {"starttls": {"tls_context": context}, "tls": {}, "none": {}}[security]
        if security == "tls":
            more["ssl_context"] = context
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        controller = Controller(inbox, hostname="localhost", port=port, **options, **more)
        controller.start()
        started.append(controller)
        return SMTPServer(host="localhost", port=port, security=security, sender="Reader <reader@example.org>")

    yield start
    for controller in started:
        controller.stop()


@pytest.mark.parametrize("security", ["none", "starttls", "tls"])
def test_mail_when_sent_to_a_real_server_then_it_arrives_whole(
    start: Any, inbox: Inbox, certificate: Path, security: str
) -> None:
    server = start(security)
    SMTPMailer(server, trust=lambda: ssl.create_default_context(cafile=certificate)).send(MAIL)
    (mail,) = inbox.mails
    assert mail["To"] == "ann@example.org" and mail["From"] == "Reader <reader@example.org>"
    assert mail["Subject"] == "Grüße 123456"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"].endswith("@example.org>")
    assert mail.get_content().replace("\r\n", "\n") == MAIL.text  # type: ignore[attr-defined]
    assert inbox.secure == [security != "none"]


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_mail_when_certificate_is_of_nobody_we_trust_then_nothing_is_sent(
    start: Any, inbox: Inbox, security: str
) -> None:
    with pytest.raises(MailUnavailable):
        SMTPMailer(start(security)).send(MAIL)
    assert inbox.mails == []


@pytest.mark.parametrize("password", ["right", "wrong"])
def test_mail_when_server_wants_a_password_then_it_gets_it(
    start: Any, inbox: Inbox, certificate: Path, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The test's server answers no farewell after a refused password.
    monkeypatch.setattr(mail_module, "TIMEOUT_SECONDS", 0.5)
    server = replace(start("starttls", authenticator=inbox.authenticate, auth_required=True), user="ann")
    mailer = SMTPMailer(
        replace(server, password=password), trust=lambda: ssl.create_default_context(cafile=certificate)
    )
    if password == "wrong":
        with pytest.raises(MailUnavailable):
            mailer.send(MAIL)
    else:
        mailer.send(MAIL)
    assert len(inbox.mails) == (password == "right")
    assert set(inbox.users) == {b"ann"}


def test_mail_when_server_refuses_then_the_error_names_nobody(start: Any, inbox: Inbox) -> None:
    inbox.refuse = True
    with pytest.raises(MailUnavailable) as caught:
        SMTPMailer(start("none")).send(MAIL)
    assert "ann@example.org" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_mail_when_no_server_is_there_then_it_is_unavailable() -> None:
    with pytest.raises(MailUnavailable):
        SMTPMailer(SMTPServer(host="127.0.0.1", port=1, security="none", sender="x")).send(MAIL)


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_mail_when_server_runs_on_a_terminal_then_it_is_shown_there() -> None:
    terminal = _Terminal()
    TerminalMailer(terminal).send(MAIL)
    assert "To: ann@example.org" in terminal.getvalue() and "#abc" in terminal.getvalue()


def test_mail_when_stream_ends_in_a_log_then_nothing_is_written() -> None:
    log = io.StringIO()
    with pytest.raises(MailUnavailable, match="OCRCHAT_SMTP_HOST"):
        TerminalMailer(log).send(MAIL)
    assert log.getvalue() == ""


def test_mail_of_log_in_when_written_then_link_and_code_are_in_it_and_the_secret_is_no_part_of_the_path() -> None:
    mail = mails.log_in("ann@example.org", "https://reader.example/", "SECRET", "012345", timedelta(minutes=10))
    assert "https://reader.example/log-in/#SECRET" in mail.text
    assert "012345" in mail.text and "10 minutes" in mail.text and "012345" in mail.subject
    assert "takes no new ones" in mails.no_account("ann@example.org", "https://reader.example").text


def test_mailer_when_settings_name_a_server_then_it_is_used_else_the_terminal(start: Any, inbox: Inbox) -> None:
    server = start("none")
    sender = "Reader <reader@example.org>"
    settings = Settings(smtp_host="localhost", smtp_port=server.port, smtp_security="none", mail_from=sender)
    mailer_of(settings, io.StringIO()).send(MAIL)
    assert inbox.mails[0]["From"] == sender
    terminal = _Terminal()
    mailer_of(Settings(), terminal).send(MAIL)
    assert "123456" in terminal.getvalue()


def test_mail_when_address_cannot_be_in_a_header_then_it_is_a_failure_to_send() -> None:
    server = SMTPServer(host="localhost", port=1, security="none", sender="Reader <reader@example.org>")
    with pytest.raises(MailUnavailable):
        SMTPMailer(server).send(Mail(to="ann@example.org\r\nBcc: eve@example.org", subject="x", text="x"))

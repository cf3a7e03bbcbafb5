"""The one transport of mail: files, or a server; never a header of somebody else's making."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescompass.kit import mail
from salescompass.kit.errors import Invalid
from salescompass.kit.mail import Mail
from salescompass.kit.settings import settings

LINK = "https://crm.example/invitation?token=" + "k" * 43


def letter(**changes: str) -> Mail:
    values = {
        "id": "01a1f8a9-4dc8-7103-a601-2cf615e50951",
        "to": "zoe@people.example",
        "to_name": "Zoë Ng",
        "subject": "Grüße an Zoë",
        "text": f"Hello Zoë,\n\n{LINK}\n",
        "html": f'<p>Hello Zoë</p><a href="{LINK}">Join</a>\n',
    }
    return Mail(**{**values, **changes})


class Sink(socketserver.ThreadingTCPServer):
    """A mail server that keeps what it gets."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.received: list[tuple[str, list[str], bytes]] = []
        self.refuse = False

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"


class _Conversation(socketserver.StreamRequestHandler):
    server: Sink

    def handle(self) -> None:
        sender, to = "", []
        self.say("220 sink")
        while line := self.rfile.readline().decode("latin-1").strip():
            word = line.upper()
            if word.startswith("EHLO"):
                self.say("250-sink", "250 8BITMIME")
            elif word.startswith("MAIL"):
                sender = line.split(":", 1)[1]
                self.say("250 ok")
            elif word.startswith("RCPT"):
                to.append(line.split(":", 1)[1])
                self.say("550 nobody here" if self.server.refuse else "250 ok")
            elif word == "DATA":
                self.say("354 go on")
                body = b""
                while not body.endswith(b"\r\n.\r\n"):
                    body += self.rfile.readline()
                self.server.received.append((sender, to, body[:-3]))
                self.say("250 kept")
            elif word == "QUIT":
                return self.say("221 bye")
            else:
                self.say("250 ok" if word == "RSET" else "502 no such thing")
        return None

    def say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[pytest.MonkeyPatch]:
    """Settings that a test may change."""
    monkeypatch.setenv("SALESCOMPASS_DATA", str(tmp_path))
    monkeypatch.setenv("SALESCOMPASS_MAIL_FROM", "Halden Supply <post@halden.example>")
    settings.cache_clear()
    yield monkeypatch
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def sink(told: pytest.MonkeyPatch) -> Iterator[Sink]:
    with Sink() as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        told.setenv("SALESCOMPASS_SMTP_URL", server.url)
        settings.cache_clear()
        yield server
        server.shutdown()


def read(raw: bytes) -> EmailMessage:
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def check(message: EmailMessage) -> None:
    assert str(message["To"]) == "Zoë Ng <zoe@people.example>"
    assert str(message["From"]) == "Halden Supply <post@halden.example>"
    assert message["Subject"] == "Grüße an Zoë"
    assert message["Message-ID"] == "<01a1f8a9-4dc8-7103-a601-2cf615e50951@halden.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    for kind in ("plain", "html"):
        body = message.get_body((kind,))
        assert body is not None
        assert LINK in body.get_content()
        assert "Zoë" in body.get_content()


def test_without_a_server_letters_are_files_only_we_can_read(told: pytest.MonkeyPatch) -> None:
    mail.send(letter())
    mail.send(letter())
    files = sorted((settings().data / "mail").iterdir())
    assert [path.suffix for path in files] == [".eml", ".eml"]
    for path in files:
        assert path.stat().st_mode & 0o077 == 0
        check(read(path.read_bytes()))


def test_an_ascii_letter_shows_its_link_to_the_naked_eye(told: pytest.MonkeyPatch) -> None:
    mail.send(letter(text=f"Join:\n{LINK}\n", html=f"<a href='{LINK}'>Join</a>"))
    (path,) = (settings().data / "mail").iterdir()
    assert path.read_text().count(LINK) == 2


def test_with_a_server_letters_go_there(sink: Sink) -> None:
    mail.send(letter())
    ((sender, to, raw),) = sink.received
    assert "<post@halden.example>" in sender
    assert to == ["<zoe@people.example>"]
    check(read(raw))
    assert not (settings().data / "mail").exists()


def test_what_the_server_refuses_is_an_error_to_try_again(sink: Sink) -> None:
    sink.refuse = True
    with pytest.raises(OSError, match="nobody here"):
        mail.send(letter())
    assert sink.received == []


def test_credentials_are_never_sent_in_the_clear(sink: Sink, told: pytest.MonkeyPatch) -> None:
    told.setenv("SALESCOMPASS_SMTP_URL", sink.url.replace("//", "//user:pass%20word@"))
    settings.cache_clear()
    with pytest.raises(OSError, match="STARTTLS"):
        mail.send(letter())
    assert sink.received == []


@pytest.mark.parametrize("field", ["id", "to", "to_name", "subject"])
@pytest.mark.parametrize("mark", ["\r\n", "\n", "\r", "\0"])
def test_a_line_break_in_a_header_is_refused(told: pytest.MonkeyPatch, field: str, mark: str) -> None:
    with pytest.raises(Invalid, match="line break"):
        mail.built(letter(**{field: f"x{mark}Bcc: everybody@evil.example"}))


def test_the_sender_that_is_set_from_the_start_can_send(told: pytest.MonkeyPatch) -> None:
    told.delenv("SALESCOMPASS_MAIL_FROM")
    settings.cache_clear()
    assert str(mail.built(letter())["From"]) == "SalesCompass <salescompass@localhost>"


@pytest.mark.parametrize(
    "to", ["", "nobody", "a@b@c.example", "a b@c.example", "<a@c.example>", "a@c.example, d@e.example"]
)
def test_what_is_no_address_gets_no_letter(told: pytest.MonkeyPatch, to: str) -> None:
    with pytest.raises(Invalid):
        mail.built(letter(to=to))


@given(name=st.text(max_size=60), subject=st.text(max_size=200))
def test_no_name_and_no_subject_adds_a_header_or_a_recipient(name: str, subject: str) -> None:
    try:
        raw = mail.built(letter(to_name=name, subject=subject)).as_bytes()
    except Invalid:
        return
    message = read(raw)
    assert set(message.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type",
    }  # fmt: skip
    assert [address.addr_spec for address in message["To"].addresses] == ["zoe@people.example"]

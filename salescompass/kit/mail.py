"""The one transport of mail: an SMTP server when SALESCOMPASS_SMTP_URL names one, else files in `<data>/mail`.

`smtp://` speaks plainly and turns to TLS when the server offers it (with credentials it must), `smtps://` speaks TLS
from the start. A header that holds a line break is refused: it would let a name or subject write headers of its own.
"""

from __future__ import annotations

import os
import smtplib
import ssl
import unicodedata
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

import email_validator

from salescompass.kit.clock import now
from salescompass.kit.errors import Invalid
from salescompass.kit.settings import settings

TIMEOUT = 20
_BREAKS = ("Cc", "Cs", "Zl", "Zp")  # line breaks, other controls, half characters


# Installations of one's own use names such as crm.local; whether mail gets there is the mail server's to say.
email_validator.SPECIAL_USE_DOMAIN_NAMES.clear()


def checked_address(address: str) -> tuple[str, str]:
    """An address as people write it, and as mail servers do. Raises ValueError. Nothing is asked of the DNS."""
    found = email_validator.validate_email(address, check_deliverability=False, globally_deliverable=False)
    return found.normalized, found.ascii_email or found.normalized


@dataclass(frozen=True)
class Mail:
    """A letter to one person, in both forms. `id` is the effect's own: a repetition can be told by its Message-ID."""

    id: str
    to: str
    to_name: str
    subject: str
    text: str
    html: str


def send(mail: Mail) -> None:
    """Hand a letter over. Raises what the server says when it does not take it."""
    message = built(mail)
    url = settings().smtp_url
    if url:
        _by_smtp(urlsplit(url), message)
    else:
        _to_file(mail.id, message)


def built(mail: Mail) -> EmailMessage:
    """The message with its headers. Raises Invalid for a line break in one."""
    name, sender = parseaddr(settings().mail_from)
    for value in (mail.id, mail.to, mail.to_name, mail.subject, name, sender):
        if any(unicodedata.category(character) in _BREAKS for character in value):
            raise Invalid("A mail header must not contain a line break")
    message = EmailMessage(policy=SMTP)
    message["From"] = _mailbox(name, sender)
    message["To"] = _mailbox(mail.to_name, mail.to)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(now())
    message["Message-ID"] = f"<{mail.id}@{sender.rpartition('@')[2] or 'localhost'}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text, cte=_encoding(mail.text))
    message.add_alternative(mail.html, subtype="html", cte=_encoding(mail.html))
    return message


def _mailbox(name: str, address: str) -> Address:
    try:
        return Address(display_name=name, addr_spec=checked_address(address)[1])
    except ValueError as error:
        raise Invalid("This is no address that mail can be sent to") from error


def _encoding(text: str) -> str:
    # Links stay whole and readable as long as nothing forces an encoding on them.
    short = all(len(line) < 900 for line in text.splitlines())
    return "7bit" if text.isascii() and short else "quoted-printable"


def _to_file(name: str, message: EmailMessage) -> None:
    folder = settings().data / "mail"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    stamp = now().strftime("%Y%m%d-%H%M%S")
    draft = folder / f".{name}.{os.getpid()}"
    draft.touch(mode=0o600)
    draft.write_bytes(message.as_bytes())
    draft.rename(_free(folder, f"{stamp}-{name}"))


def _free(folder: Path, name: str) -> Path:
    path, n = folder / f"{name}.eml", 1
    while path.exists():
        n += 1
        path = folder / f"{name}-{n}.eml"
    return path


def _by_smtp(url: SplitResult, message: EmailMessage) -> None:
    host, context = url.hostname or "localhost", ssl.create_default_context()
    user, password = unquote(url.username or ""), unquote(url.password or "")
    server: smtplib.SMTP
    if url.scheme == "smtps":
        server = smtplib.SMTP_SSL(host, url.port or 465, timeout=TIMEOUT, context=context)
    else:
        server = smtplib.SMTP(host, url.port or 587, timeout=TIMEOUT)
    with server:
        server.ehlo()
        if url.scheme != "smtps" and (user or url.scheme == "smtp+starttls" or server.has_extn("starttls")):
            server.starttls(context=context)
            server.ehlo()
        if user:
            server.login(user, password)
        server.send_message(message)

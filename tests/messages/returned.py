"""Messages that come back, as mail servers and people write them."""

import email.message
import uuid

from coopwerf.messages import queries

DSN = """\
Return-Path: <>
From: MAILER-DAEMON@mx.example.org
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain; charset=utf-8

I'm sorry to have to inform you that your message could not be delivered.

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org
Arrival-Date: Mon, 23 Nov 2026 11:00:00 +0100

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {words}

--B
Content-Type: text/rfc822-headers

From: werf@example.org
Message-ID: {message_id}
Subject: Nieuws

--B--
"""


def notice(
    mail: queries.MailFacts,
    *,
    status: str = "5.1.1",
    words: str = "550 5.1.1 <jana@example.org>: no such user",
    action: str = "failed",
    to: str = "werf@example.org",
    message_id: str = "",
) -> bytes:
    """Return a notice of delivery about a mail of ours."""
    told = {"status": status, "words": words, "action": action, "to": to, "recipient": mail.to}
    return DSN.format(**told, message_id=message_id or mail.message_id).replace("\n", "\r\n").encode()


def answer(mail: queries.MailFacts, **headers: str) -> bytes:
    """Return what a person or a machine answers to a mail."""
    message = email.message.EmailMessage()
    message["From"], message["To"], message["Subject"] = mail.to, "werf@example.org", f"Re: {mail.subject}"
    message["In-Reply-To"] = mail.message_id
    message["Message-ID"] = f"<{uuid.uuid4()}@example.org>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content("Ik ben met vakantie. Status: 5.1.1, Action: failed.")
    return message.as_bytes()

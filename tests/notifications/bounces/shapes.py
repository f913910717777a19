"""Bounces as mail servers write them, with our own words and addresses of example.com.

Each shape is what Postfix 3.7, Exim 4.96 or OpenSMTPD 6.8 answers; `{parent}` is the recipient, `{verp}` the envelope sender.
"""

RETURNED = "Message-ID: <outbox-1-1795955567@example.com>\nTo: {parent}\nSubject: x\n\n王大明 您好\n"


def postfix(status, diagnostic, *, action="failed", kind="delivery-status", recipient="rfc822; {parent}", others=""):
    return f"""\
From: Mail Delivery System <MAILER-DAEMON@relay.example.com>
Subject: Undelivered Mail Returned to Sender
To: {{verp}}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="p/relay"

This is a MIME-encapsulated message.

--p/relay
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

This is the mail system at host relay.example.com.

<{{parent}}>: host mx.example.com[192.0.2.30] said: see below

--p/relay
Content-Description: Delivery report
Content-Type: message/{kind}
Content-Transfer-Encoding: 8bit

Reporting-MTA: dns; relay.example.com
X-Postfix-Queue-ID: CA69D344119

{others}Final-Recipient: {recipient}
Original-Recipient: rfc822;{{parent}}
Action: {action}
Status: {status}
Diagnostic-Code: {diagnostic}

--p/relay
Content-Type: message/rfc822

{RETURNED}
--p/relay--
"""


def exim(diagnostic, said, *, failed="{parent}"):
    line = f"Remote-MTA: dns; mx.example.com\nDiagnostic-Code: smtp; {diagnostic}\n" if diagnostic else ""
    return f"""\
X-Failed-Recipients: {failed}
Auto-Submitted: auto-replied
From: Mail Delivery System <Mailer-Daemon@relay.example.com>
To: {{verp}}
Content-Type: multipart/report; report-type=delivery-status; boundary=17-eximdsn-7
MIME-Version: 1.0
Subject: Mail delivery failed: returning message to sender

--17-eximdsn-7
Content-type: text/plain; charset=us-ascii

A message that you sent could not be delivered. The following address(es) failed:

  {{parent}}
{said}

--17-eximdsn-7
Content-type: message/delivery-status

Reporting-MTA: dns; relay.example.com

Action: failed
Final-Recipient: rfc822;{{parent}}
Status: 5.0.0
{line}
--17-eximdsn-7
Content-type: message/rfc822

{RETURNED}
--17-eximdsn-7--
"""


def opensmtpd(action, status, said):
    return f"""\
Subject: Delivery status notification: {action}
From: Mailer Daemon <MAILER-DAEMON@relay.example.com>
To: {{verp}}
MIME-Version: 1.0
Content-Type: multipart/mixed;boundary="179/relay"

--179/relay
Content-Type: text/plain; charset=us-ascii

    Hi!

    The following list of recipients:

{{parent}}: {said}

    Below is a copy of the original message:

--179/relay
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example.com

Final-Recipient: rfc822; {{parent}}
Action: {action}
Status: {status}

--179/relay
Content-Type: text/rfc822-headers

{RETURNED}
--179/relay--
"""


UNKNOWN = "<{parent}>: Recipient address rejected: User unknown"
OTHER = (
    "Final-Recipient: rfc822; other@example.com\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 x\n\n"
)

# (name, letter, outcome, code)
FAILURES = [
    ("postfix, unknown user", postfix("5.1.1", f"smtp; 550 5.1.1 {UNKNOWN}"), "gone", "5.1.1"),
    ("exim, unknown user", exim(f"550 5.1.1 {UNKNOWN}", f"    550 5.1.1 {UNKNOWN}"), "gone", "5.1.1"),
    ("opensmtpd, unknown user", opensmtpd("failed", "5.0.0", f"550 5.1.1 {UNKNOWN}"), "gone", "5.1.1"),
    ("postfix, own unknown user", postfix("5.1.1", 'X-Postfix; unknown user: "bob"'), "gone", "5.1.1"),
    ("postfix, unknown domain", postfix("5.4.4", "X-Postfix; Host or domain name not found."), "gone", "5.4.4"),
    (
        "a reply of many lines",
        postfix("5.1.1", "smtp; 550-5.1.1 No such account. 550 5.1.1 Check it."),
        "gone",
        "5.1.1",
    ),
    ("moved away", postfix("5.1.6", "smtp; 551 5.1.6 moved"), "gone", "5.1.6"),
    ("null mx by its code", exim("556 5.1.10 null MX", "    x"), "gone", "5.1.10"),
    ("exim, in Chinese", exim(r"550 5.1.1 \344\275\277\347\224\250", "    x"), "gone", "5.1.1"),
    ("postfix, in Chinese", postfix("5.1.1", "smtp; 550 5.1.1 使用者不存在"), "gone", "5.1.1"),
    ("two fail, ours last", postfix("5.1.1", "smtp; 550 5.1.1 x", others=OTHER), "gone", "5.1.1"),
    ("two fail, ours full", postfix("5.2.2", "smtp; 552 5.2.2 full", others=OTHER), "refused", "5.2.2"),
    ("postfix, full until given up", postfix("4.2.2", "smtp; 452 4.2.2 Mailbox full"), "lost", "4.2.2"),
    ("exim, greylisted until given up", exim("451 4.7.1 Greylisted: retry timeout exceeded", "    x"), "lost", "4.7.1"),
    ("exim, host down", exim("", "    all hosts have been failing: retry timeout exceeded"), "lost", "5.0.0"),
    ("opensmtpd, expired says delayed", opensmtpd("delayed", "4.4.7", "Envelope expired"), "lost", "4.4.7"),
    ("disabled, or too much", postfix("5.2.1", "smtp; 550 5.2.1 rate"), "lost", "5.2.1"),
    ("a contradiction", postfix("5.0.0", "smtp; 550 4.2.1 x"), "lost", "4.2.1"),
    ("an unknown user for now", postfix("5.1.1", "smtp; 450 4.1.1 unverified"), "lost", "5.1.1"),
    ("exim, 452 without more", exim("452 Mailbox full", "    x"), "lost", "452"),
    ("no such user, no enhanced code", postfix("5.0.0", "smtp; 550 No such user here"), "refused", "550"),
    ("exim, unrouteable", exim("", "    Unrouteable address"), "refused", "5.0.0"),
    ("exim, lines too long", exim("", "    message has lines too long for transport"), "refused", "5.0.0"),
    ("policy", postfix("5.7.1", "smtp; 550 5.7.1 rejected"), "refused", "5.7.1"),
    ("opensmtpd, policy", opensmtpd("failed", "5.0.0", "550 5.7.1 rejected"), "refused", "5.7.1"),
    ("too large", postfix("5.3.4", "smtp; 552 5.3.4 size"), "refused", "5.3.4"),
    ("postfix, null mx", postfix("5.1.0", "X-Postfix; Domain does not accept mail (nullMX)"), "refused", "5.1.0"),
    ("by a pipe of Postfix", "Return-Path: <MAILER-DAEMON>\n" + postfix("5.1.1", "smtp; 550 5.1.1 x"), "gone", "5.1.1"),
    ("with a null sender", "Return-Path: <>\n" + postfix("5.1.1", "smtp; 550 5.1.1 x"), "gone", "5.1.1"),
    (
        "without smtputf8",
        postfix("5.6.7", "X-Postfix; not offered", kind="global-delivery-status", recipient="utf-8; {parent}"),
        "refused",
        "5.6.7",
    ),
    (
        "somewhere behind the address",
        postfix("5.1.1", "smtp; 550 5.1.1 x", recipient="rfc822; far@example.com").replace(
            "Original-Recipient: rfc822;{parent}\n", ""
        ),
        "refused",
        "5.1.1",
    ),
]

NO_FAILURES = {
    "postfix, a warning": postfix("4.2.2", "smtp; 452 4.2.2 full", action="delayed"),
    "opensmtpd, a warning": opensmtpd("delayed", "4.0.0", "421 busy"),
    "delivered": postfix("2.0.0", "smtp; 250 2.0.0 OK", action="relayed"),
    "expanded": postfix("2.0.0", "smtp; 250 2.0.0 OK", action="expanded"),
    "vacation without Auto-Submitted": "Return-Path: <{parent}>\nFrom: {parent}\nTo: {verp}\nSubject: 我在休假\n\n八月才回來。\n",
    "autoreply": "From: {parent}\nTo: {verp}\nAuto-Submitted: auto-replied\n\n550 5.1.1 is what I say on holiday.\n",
    "challenge": "Return-Path: <>\nFrom: {parent}\nTo: {verp}\nSubject: confirm\n\n請直接回覆此信。\n",
    "a report that a person sends on": "Return-Path: <eve@example.com>\n" + postfix("5.1.1", "smtp; 550 5.1.1 x"),
    "a report further down": (
        'To: {verp}\nContent-Type: multipart/mixed; boundary="o"\n\n--o\nContent-Type: message/rfc822\n\n'
        + postfix("5.1.1", "smtp; 550 5.1.1 x")
        + "\n--o--\n"
    ),
    "nothing at all": "To: {verp}\n\n",
    "a report without fields": (
        'To: {verp}\nContent-Type: multipart/report; boundary="o"\n\n--o\nContent-Type: message/delivery-status\n\n\n--o--\n'
    ),
}

SHAPES = {name: letter for name, letter, _outcome, _code in FAILURES} | NO_FAILURES


def letter(name, *, verp, parent):
    """The bytes of a shape as they come for the mail sent from `verp` to `parent`."""
    return SHAPES[name].replace("{verp}", verp).replace("{parent}", parent).encode()

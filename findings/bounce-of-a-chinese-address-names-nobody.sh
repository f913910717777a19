#!/usr/bin/env bash
# The delivery report of an address outside ASCII (RFC 6533) is read as if it named no recipient.
#
# What one would guess: message/global-delivery-status has the same fields in the same blocks as message/delivery-status
# (RFC 6533, section 3), so what reads the one reads the other.
# What happens: Python's email parser splits the blocks of message/delivery-status into one message each; those of
# message/global-delivery-status stay one message whose headers are the first block, about the server, while the
# blocks about the recipients lie unparsed in its body. flufl.bounce 6.0.0 finds the failed recipient in the first form and
# nobody, neither as failed nor as delayed, in the second.
# Who is bitten: who keeps a list of dead addresses and sends to SMTPUTF8 ones: Postfix reports those in this form, and
# they never make the list. No error tells of it.
# Seen 29 November 2026, Python 3.11.7.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/env"
"$work/env/bin/pip" install --quiet --disable-pip-version-check flufl.bounce==6.0.0
"$work/env/bin/python" - <<'PYTHON'
import email
import platform
from importlib.metadata import version

from flufl.bounce import all_failures

REPORT = """\
From: Mail Delivery System <MAILER-DAEMON@relay.example>
To: sender@relay.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type={report_type}; boundary="b"

--b
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Your message could not be delivered.

--b
Content-Type: message/{report_type}
Content-Transfer-Encoding: 8bit

Reporting-MTA: dns; relay.example

Final-Recipient: {recipient}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such mailbox

--b--
"""
CASES = {
    "delivery-status": ("rfc822; parent@school.example", 2),
    "global-delivery-status": ("utf-8; 家長@school.example", 1),
}

print("Python", platform.python_version(), "flufl.bounce", version("flufl.bounce"))
for report_type, (recipient, expected_blocks) in CASES.items():
    raw = REPORT.format(report_type=report_type, recipient=recipient).encode()
    message = email.message_from_bytes(raw)
    blocks = message.get_payload()[1].get_payload()
    temporary, permanent = all_failures(message)
    print(f"{report_type}: {len(blocks)} block(s) parsed; failed {permanent}, delayed {temporary}")
    assert len(blocks) == expected_blocks, "changed: the parser"
    found = {b"parent@school.example"} if report_type == "delivery-status" else set()
    assert (temporary, permanent) == (set(), found), "changed: the detector"
PYTHON

#!/usr/bin/env bash
# One would guess that `pybabel init` gives a catalogue as many plural forms as the language has: Babel ships CLDR, whose
# rule for Indonesian, Malay and Javanese has one form alone ("other").
#
# `pybabel init -l id` writes "nplurals=2; plural=(n != 1);": messages.plurals is a table of its own, apart from the CLDR
# data in the same package, and a language that is missing there gets the English rule. A translator who knows that
# Indonesian has one form fills msgstr[0] and leaves msgstr[1]: the compiled catalogue then answers 1 in Indonesian and
# every other number with the untranslated source, without a word from `pybabel compile`.
#
# Seen with Babel 2.18.0, 30 November 2026. Bitten: who begins an Indonesian or Malay catalogue with
# pybabel (Flask, Jinja2, Sphinx, Django without GNU gettext). GNU msginit 0.21
# leaves nplurals=INTEGER for somebody to fill in.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check Babel==2.18.0

cat > template.pot <<'POT'
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\n"

#, python-format
msgid "%(n)d day"
msgid_plural "%(n)d days"
msgstr[0] ""
msgstr[1] ""
POT
venv/bin/pybabel -q init -i template.pot -d locale -l id
sed -i 's/^msgstr\[0\] ""/msgstr[0] "%(n)d hari"/; s/^#, fuzzy$//' locale/id/LC_MESSAGES/messages.po
venv/bin/pybabel -q compile -d locale

venv/bin/python - <<'PY'
import gettext
from importlib.metadata import version
from pathlib import Path

from babel import Locale

print("Babel", version("Babel"))
forms = len(Locale("id").plural_form.rules) + 1
print("CLDR in Babel, Indonesian:", forms, "form")
header = next(line for line in Path("locale/id/LC_MESSAGES/messages.po").read_text().splitlines() if "nplurals" in line)
print("pybabel init:", header)
answers = gettext.translation("messages", "locale", ["id"]).ngettext
said = [answers("%(n)d day", "%(n)d days", n) % {"n": n} for n in (1, 5)]
print(said)
assert forms == 1
assert "nplurals=2" in header
assert said == ["1 hari", "5 days"]
PY

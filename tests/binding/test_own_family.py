"""Who keeps away from a family: one rule, in one file."""

import re
from pathlib import Path

import binding.own_family
import review.permissions
from config.management.commands.draw_rooms import ROOMS

RULE = Path(binding.own_family.__file__)
BASE = RULE.parent.parent
# The number of somebody who works here, compared with that of others.
COMPARES = re.compile(r"\b(user|by|teacher|staff|reviewer|registrar)\.identity_fingerprint\b")
KEEPS = {"staff/accounts.py"}  # asks for the own number, and compares it with nobody's


def test_no_second_rule_of_the_own_family_appears():
    files = [file for room in ROOMS for file in (BASE / room).rglob("*.py") if file != RULE]
    comparing = {
        file.relative_to(BASE).as_posix()
        for file in files
        if "migrations" not in file.parts and COMPARES.search(file.read_text(encoding="utf-8"))
    }

    assert comparing <= KEEPS


def test_reviewers_are_under_the_same_rule():
    assert review.permissions.check_not_own_family is binding.own_family.check_not_own_family

"""What a screen reader says of the main pages, kept in snapshots/ to be read in a diff. `make snapshots` writes them anew."""

import os
import re
from pathlib import Path

import pytest
from django.urls import reverse

from tests.accounts.factories import family_of
from tests.binding.factories import draft_application
from tests.browser.people import person, student_of
from tests.registry.factories import SchoolClassFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FOLDER = Path(__file__).parent / "snapshots"
MOVING = [(re.compile(r"\d{3}/\d\d/\d\d( \d\d:\d\d)?"), "115/01/01"), (re.compile(r"/[0-9A-Za-z_-]{32,}/"), "/key/")]


@pytest.fixture
def stages():
    """Families whose names and numbers are the same in each run."""
    school_class = SchoolClassFactory(
        school__slug="erdai", school__name="臺北市立二代高級中學", name="301", homeroom="t301"
    )

    def child(seat):
        return student_of(school_class, seat, student_number=f"1063000{seat}", name="尹書妍")

    return {"new": family_of(child(1)), "draft": draft_application(child(2), people=person(1)).started_by}


@pytest.mark.parametrize(
    ("name", "stage", "page", "arguments"),
    [
        ("sso-login", None, "accounts:sso-login", []),
        ("confirm", "new", "binding:confirm", ["erdai"]),
        ("correction", "new", "binding:correction", ["erdai"]),
        ("applicant", "draft", "binding:applicant", ["erdai", 1]),
    ],
)
def test_names_and_roles(name, stage, page, arguments, stages, walker, enter_at_any_size):
    walking = enter_at_any_size(stages[stage]) if stage else walker()
    walking.open(reverse(page, args=arguments))

    said = walking.page.locator("body").aria_snapshot()
    for moving, fixed in MOVING:
        said = moving.sub(fixed, said)
    file = FOLDER / f"{name}.yml"
    if os.environ.get("SNAPSHOTS") == "write":
        FOLDER.mkdir(exist_ok=True)
        file.write_text(said + "\n", encoding="utf-8")

    assert said == file.read_text(encoding="utf-8").rstrip("\n")

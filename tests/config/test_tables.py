"""Every table of a desk is a list (`core.listing`), or is named here with the reason why it is none."""

import pytest
from django.conf import settings

TEMPLATES = settings.BASE_DIR / "templates"
NOT_OF_DESKS = ("billing/family/", "billing/payments/", "components/", "mail/", "notifications/", "accounts/", "help/")
ONE_THING = "one thing with its parts: a bill, a person, a family, a payment"
A_FORM = "the rows of a form, or of what is about to be done: all of them are decided together"
A_FILE = "what is wrong in one file, in its order"
FIGURES = "figures of fixed rows, with totals; exported by their own page"
FEW = "few rows by nature, on a page of something else"
SHORT = {
    "billing/bills/_charge_errors.html": (1, A_FILE),
    "billing/bills/_ends.html": (1, FEW),
    "billing/bills/_item_rows.html": (1, A_FORM),
    "billing/bills/batch.html": (1, FIGURES),
    "billing/bills/batch_classes.html": (1, FIGURES),
    "billing/bills/batch_issue.html": (1, FIGURES),
    "billing/bills/batch_words.html": (1, A_FORM),
    "billing/bills/charges.html": (1, A_FORM),
    "billing/collection/_about_student.html": (1, ONE_THING),
    "billing/collection/_money_of_counter.html": (1, ONE_THING),
    "billing/collection/bill.html": (1, ONE_THING),
    "billing/collection/bill_split.html": (1, A_FORM),
    "billing/collection/cash.html": (1, FEW),
    "billing/collection/day.html": (1, FIGURES),
    "billing/collection/settings.html": (1, FEW),
    "binding/_applicants_table.html": (1, ONE_THING),
    "binding/desk/_about_student.html": (1, ONE_THING),
    "binding/desk/_court_orders.html": (1, ONE_THING),
    "binding/desk/_mandates.html": (1, ONE_THING),
    "binding/desk/correction.html": (1, ONE_THING),
    "city/home.html": (1, FIGURES),
    "city/school_file.html": (1, A_FILE),
    "city/school_import.html": (2, A_FORM),
    "city/services.html": (3, FEW),
    "city/texts.html": (1, FEW),
    "desk_search.html": (1, "ten hits of each kind; the way to the whole list stands below"),
    "registry/_roster_findings.html": (1, A_FILE),
    "registry/class.html": (1, ONE_THING),
    "registry/promotion.html": (1, A_FORM),
    "registry/roster_columns.html": (1, A_FORM),
    "registry/several.html": (1, A_FORM),
    "review/_about_student.html": (1, ONE_THING),
    "review/approve.html": (2, A_FORM),
    "review/census/_table.html": (1, FIGURES),
    "review/paper_forms_differ.html": (1, A_FORM),
    "review/reminders/_preview.html": (1, A_FORM),
    "review/reminders/_went_out.html": (1, FIGURES),
    "staff/_about_student.html": (1, ONE_THING),
    "staff/_failing_mails.html": (1, FEW),
    "staff/_family_mails.html": (1, ONE_THING),
    "staff/_helpdesk_staff.html": (1, FEW),
    "staff/_on_the_phone.html": (1, ONE_THING),
    "staff/_rows.html": (1, A_FORM),
    "staff/file.html": (1, A_FILE),
}


def tables_that_are_no_list(words):
    """How many tables of a template have heads of their own instead of a list's."""
    return sum("listing_head" not in table.split("</table>")[0] for table in words.split("<table")[1:])


def found():
    """{template of a desk: tables that are no list}"""
    counted = {
        path.relative_to(TEMPLATES).as_posix(): tables_that_are_no_list(path.read_text("utf-8"))
        for path in sorted(TEMPLATES.rglob("*.html"))
    }
    return {name: count for name, count in counted.items() if count and not name.startswith(NOT_OF_DESKS)}


def test_every_table_of_a_desk_is_a_list_or_is_named_here():
    assert found() == {name: count for name, (count, _why) in SHORT.items()}


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ('<table class="table">{{ ui.listing_head(listing) }}</table>', 0),
        ("<table><thead></thead></table>", 1),
        ("<table>{{ ui.listing_head(one) }}</table><table><thead></thead></table>", 1),
    ],
)
def test_a_table_with_heads_of_its_own_is_seen(words, count):
    assert tables_that_are_no_list(words) == count

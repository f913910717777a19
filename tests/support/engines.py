"""Which tests run on PostgreSQL too.

SQLite runs all of them. On PostgreSQL run those that write, lock, search, sort, count or constrain; left out are
tests that never touch a database (found by their fixtures) and the places named here, each with the reason why the
second engine would prove nothing new. The statements behind their pages are run on PostgreSQL by
tests/test_every_page.py and by the tests of the actions. `make test-all` leaves out nothing.
"""

ALL = "--every-engine"
# file, folder or test in tests/ → why one engine is enough
ONE_ENGINE = {
    **dict.fromkeys(
        [
            "config/test_access_log.py",
            "config/test_docs.py",
            "config/test_foreign_host.py",
            "config/test_site.py",
            "config/test_admin_doors.py",
        ],
        "settings, headers and the way to a view",
    ),
    **dict.fromkeys(
        [
            "accounts/test_captchas.py",
            "accounts/test_password_rules.py",
            "accounts/test_private_pages.py",
            "oidc/test_discovery.py",
            "oidc/test_keys.py",
            "oidc/test_logout_notices.py",
            "oidc/test_prompts.py",
            "oidc/test_sample.py",
        ],
        "rules, keys and requests; rows are only read and written by their key",
    ),
    **dict.fromkeys(
        [
            "binding/test_evidence_files.py",
            "review/test_evidence_pages.py",
            "registry/test_paper_forms.py",
            "registry/test_paper_form_batches.py",
            "review/reminders/test_slips.py",
            "billing/paper",
        ],
        "pictures and paper: what is on the sheet",
    ),
    **dict.fromkeys(
        [
            "billing/bills/test_charges.py",
            "billing/bills/test_charge_columns.py",
            "registry/test_roster_files.py",
            "registry/test_roster_page.py",
            "registry/test_roster_questions.py",
            "registry/test_roster_sheets.py",
            "registry/test_problems.py",
        ],
        "what is read in a file and asked about it; tests/registry/test_roster.py and tests/billing/bills write it",
    ),
    **dict.fromkeys(
        [
            "notifications/test_languages.py",
            "notifications/test_sensitive.py",
            "notifications/test_mailbox.py",
            "billing/bills/test_family_pages.py",
            "binding/test_sign.py",
            "binding/test_tasks.py",
            "binding/test_timeline.py",
            "binding/test_typed_values.py",
            "binding/test_visibility.py",
            "review/test_rules.py",
            "review/test_return_by_item.py",
            "review/test_timeline.py",
            "review/reminders/test_pages.py",
            "test_canary.py",
            "test_enter.py",
            "test_odd_requests.py",
        ],
        "words of pages and mails, and what forms take",
    ),
    "accounts/test_abuse.py::TestNothingToFindOut::test_in_time": "180 passwords are hashed; queries are counted beside it",
    **dict.fromkeys(
        ["review/test_matrix.py", "flows/test_ends.py"],
        "the same few steps for every role and every end; each step has its own test on both engines",
    ),
}


def is_for_one(item, root):
    """Whether nothing would be learnt from `item` on a second engine."""
    touches = {"db", "transactional_db", "live_server", "django_db_setup"} & set(item.fixturenames)
    if not touches and not item.get_closest_marker("django_db"):
        return True
    place = item.path.relative_to(root).as_posix()
    name = f"{place}::{item.nodeid.partition('::')[2]}"
    return any(one in (place, name) or place.startswith(f"{one}/") for one in ONE_ENGINE)


def leave_out(config, items, root):
    """Deselect on PostgreSQL what SQLite has shown already."""
    left_out = [one for one in items if is_for_one(one, root)]
    items[:] = [one for one in items if one not in set(left_out)]
    config.hook.pytest_deselected(items=left_out)

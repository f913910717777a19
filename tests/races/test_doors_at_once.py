"""Many guesses in the same moment: no more than the limit are taken, by account, by address, by counter of the city."""

import pytest
from django_otp import match_token
from django_otp.oath import TOTP

from accounts import device_cookie, email_change, second_factor, sessions, sso_accounts, throttle
from accounts.log_in import Refused, log_in_parent
from accounts.models import Authenticator, BrowserSession, LoginThrottle, SSOAccount, User
from audit import context
from audit.models import Event
from notifications import delivery, outbox
from notifications.models import Message
from tests.accounts.factories import PASSWORD, log_in, registrar_of, sso_parent
from tests.notifications.factories import written
from tests.races.threads import at_once, kinds_of
from tests.registry.factories import SchoolFactory, make_identity

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def from_address(job, address="203.0.113.7"):
    """`job` as a request from `address` would do it."""

    def run():
        token = context.enter(context.RequestContext(address))
        try:
            return job()
        finally:
            context.leave(token)

    return run


def paused(outcomes):
    return sum(isinstance(one, throttle.Paused) for one in outcomes)


def test_one_address_gets_no_more_than_its_limit(settings):
    settings.IP_FAILURE_LIMIT = 10

    outcomes = at_once(
        *[from_address(lambda one=one: throttle.consume("sso", f"{one}@example.com")) for one in range(40)]
    )

    assert paused(outcomes) == 30
    assert kinds_of(outcomes) == ["Attempt"] * 10 + ["Paused"] * 30


def test_counters_taken_in_any_order_do_not_wait_for_each_other():
    """Each statement counts two rows, the account's and the address's; none ends in a deadlock."""
    names = [f"{one}@example.com" for one in range(4)] * 10

    outcomes = at_once(*[from_address(lambda name=name: throttle.consume("sso", name)) for name in names])

    assert set(kinds_of(outcomes)) == {"Attempt", "Paused"}
    assert paused(outcomes) == 20


def test_giving_back_loses_no_count(settings):
    """Ten good log-ins and ten bad ones from one address: ten remain counted."""
    settings.IP_FAILURE_LIMIT = 100
    key = from_address(lambda: throttle.consume("sso", "first@example.com"))().network_key

    def good(one):
        throttle.clear(throttle.consume("sso", f"good{one}@example.com"))

    def bad(one):
        throttle.consume("sso", f"bad{one}@example.com")

    at_once(*[from_address(lambda job=job, one=one: job(one)) for one in range(10) for job in (good, bad)])

    assert LoginThrottle.objects.get(key=key).attempts == 11


def test_spraying_is_told_once(settings):
    settings.SPRAY_IP_ACCOUNTS = 5

    def fail(one):
        throttle.note_failure(throttle.consume("sso", f"{one}@example.com"))

    at_once(*[from_address(lambda one=one: fail(one)) for one in range(30)])

    assert Event.objects.filter(event="login.spraying").count() == 1


def test_a_session_signed_out_elsewhere_does_not_come_back(client):
    """Pages that are being answered while the session is ended write it no more."""
    bob = sso_parent(by=registrar_of(SchoolFactory()), password=PASSWORD)
    log_in(client, bob)
    pages = [client.session, client.session]

    def go_on(session):
        session["seen"] += 1
        session.save()

    at_once(lambda: go_on(pages[0]), lambda: sessions.end(sessions.of(bob), by=bob), lambda: go_on(pages[1]))

    assert not BrowserSession.objects.filter(user=bob).exists()


def test_two_parents_want_one_address():
    people = [
        sso_parent(by=registrar_of(SchoolFactory()), email=f"{one}@example.com", number=make_identity(one))
        for one in (1, 2)
    ]
    changes = [email_change.ask(user=one, new_email="both@example.com") for one in people]

    outcomes = at_once(*[lambda change=change: email_change.confirm(change=change) for change in changes])

    assert kinds_of(outcomes) == ["AddressTaken", "EmailChange"]
    assert User.objects.filter(email="both@example.com").count() == 1


def test_a_link_pressed_twice_works_once():
    bob = sso_parent(by=registrar_of(SchoolFactory()))
    change = email_change.ask(user=bob, new_email="new@example.com")

    outcomes = at_once(*[lambda: email_change.confirm(change=change)] * 4)

    assert kinds_of(outcomes) == ["EmailChange"] + ["LinkOver"] * 3
    assert Message.objects.filter(kind="own-address-changed").count() == 1


def test_leaving_twice_at_once_mails_once():
    bob = sso_parent(by=registrar_of(SchoolFactory()))

    at_once(*[lambda: sso_accounts.leave(user=bob)] * 4)

    assert Message.objects.filter(kind="account-left").count() == 1


def test_coming_back_and_closing_are_one_of_both():
    bob = sso_parent(by=registrar_of(SchoolFactory()))
    closure = sso_accounts.leave(user=bob)

    outcomes = at_once(*[lambda: sso_accounts.come_back(closure=closure)] * 3, sso_accounts.close_those_over)

    assert kinds_of(outcomes) == ["LinkOver", "LinkOver", "User", "int"]
    assert User.objects.get(pk=bob.pk).is_active


def test_an_initial_password_has_ten_tries_in_all(settings):
    """Whatever other limits say: of many guesses at once the right one counts only among the first ten."""
    settings.LOGIN_FAILURE_LIMIT = settings.IP_FAILURE_LIMIT = 1_000
    bob = sso_parent(by=registrar_of(SchoolFactory()), password=None)
    right = bob.sso_account.identity_number[-6:]

    at_once(*[lambda: log_in_parent(email=bob.email, password="000000") for _guess in range(25)])

    assert SSOAccount.objects.get(user=bob).initial_failures == 10
    with pytest.raises(Refused):
        log_in_parent(email=bob.email, password=right)


def test_a_recovery_code_comes_in_once():
    user = sso_parent(by=registrar_of(SchoolFactory()))
    code = second_factor.write_recovery_codes(user)[0].replace(" ", "")

    outcomes = at_once(*[lambda: match_token(user, code) is not None for _ in range(8)])

    assert sorted(outcomes) == [False] * 7 + [True]


def test_a_code_of_the_app_comes_in_once():
    user = sso_parent(by=registrar_of(SchoolFactory()))
    device = Authenticator.objects.create(user=user, name="x")
    code = f"{TOTP(device.secret).token():06d}"

    outcomes = at_once(*[lambda: match_token(user, code) is not None for _ in range(8)])

    assert sorted(outcomes) == [False] * 7 + [True]


def test_known_browsers_get_no_more_together_than_one():
    user = sso_parent(by=registrar_of(SchoolFactory()))
    key = throttle.key_of(*throttle.scope_of(user))

    def guess():
        token = device_cookie.enter(device_cookie.STRANGER.with_account(key, user))
        try:
            return throttle.consume_of(user)
        finally:
            device_cookie.leave(token)

    assert kinds_of(at_once(*[guess] * 20)) == ["Attempt"] * 5 + ["Paused"] * 15


def test_a_mail_stopped_while_a_worker_sends_it_is_empty_either_way():
    row = written("password-reset", context={"link": "https://example.com/?token=geheim"})

    at_once(delivery.deliver_due, lambda: outbox.stop(Message.objects.filter(pk=row.pk)))

    row.refresh_from_db()
    assert row.state in (Message.State.SENT, Message.State.STOPPED)
    assert (row.text, row.html) == ("", "")

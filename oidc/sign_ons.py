"""A parent's sign-on, from the first client it reaches to the log-out that every client hears of."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from oauth2_provider.models import get_access_token_model, get_refresh_token_model

from accounts import reauthentication
from accounts.models import User
from audit import log
from core.one_time_links import digest_of
from oidc.models import Authorization, LogoutNotice, SignOn

SID = "sign_on"


class SessionEnded(Exception):
    """All sessions of this person were ended while the request was on its way."""


def current(request):
    """The sign-on of this session, its row locked against being ended meanwhile; a new one where there is none.

    The person's row is locked too: what ends all sessions waits, or has come first and is seen here.
    """
    person = User.objects.select_for_update(no_key=True).only("session_epoch", "password").get(pk=request.user.pk)
    if (person.session_epoch, person.password) != (request.user.session_epoch, request.user.password):
        raise SessionEnded
    sid = request.session.get(SID, "")
    known = SignOn.objects.live().select_for_update(no_key=True).filter(sid=sid, user=request.user).first()
    if known and not is_too_old(known):
        return known
    sign_on = SignOn.objects.create(user=request.user)
    request.session[SID] = sign_on.sid
    return sign_on


def authorize(request, *, client, scopes, amr):
    """One authorization of `client` within this session's sign-on."""
    moment = datetime.fromtimestamp(reauthentication.authenticated_at(request.session), tz=UTC)
    return Authorization.objects.create(
        sign_on=current(request), client=client, scope=" ".join(scopes), authenticated_at=moment, amr=amr
    )


def is_too_old(sign_on):
    return sign_on.started_at < timezone.now() - timedelta(hours=settings.SIGN_ON_HOURS)


@transaction.atomic
def end(sign_ons):
    """End these sign-ons: their tokens die now, and every client that took part is sent a logout token."""
    live = sign_ons.live().order_by("pk").select_for_update(no_key=True, of=("self",))
    keys = [sign_on.pk for sign_on in live]
    if not keys:
        return 0
    SignOn.objects.filter(pk__in=keys).update(ended_at=timezone.now())
    taken_part = Authorization.objects.filter(sign_on__in=keys)
    end_authorizations(taken_part)
    tell_clients(taken_part)
    return len(keys)


def end_all_of(users):
    """After a new password, a closed account, a call for the end of all sessions."""
    return end(SignOn.objects.filter(user__in=users))


def end_session(session):
    """The one sign-on that this browser session has, if any."""
    if sid := session.get(SID):
        end(SignOn.objects.filter(sid=sid))


def end_scope(users, scope):
    """Of these people, what a scope told has changed for the worse: tokens with it die, their clients end their sessions.

    They stay signed in here; the next visit to the client gets what is true then.
    """
    live = Authorization.objects.live().filter(sign_on__user__in=users, scope__contains=scope)
    if keys := list(live.values_list("pk", flat=True)):
        with transaction.atomic():
            end_authorizations(Authorization.objects.filter(pk__in=keys))
            tell_clients(Authorization.objects.filter(pk__in=keys))


def disconnect_all(user):
    """The account is given up: no client has a consent of this person any more."""
    user.connections.all().delete()


@transaction.atomic
def disconnect(connection, *, by):
    """The parent takes a consent back: what it gave dies, and the client hears that the session is over."""
    log.record("service.disconnected", by=by, target=connection.client)
    concerned = Authorization.objects.filter(sign_on__user=connection.user, client=connection.client)
    connection.delete()
    end_authorizations(concerned)
    tell_clients(concerned.filter(sign_on__ended_at__isnull=True))


def end_replayed(authorization, *, what):
    """Somebody used a code or a refresh token twice: whoever holds what came of it loses it."""
    live = Authorization.objects.live().filter(pk=authorization.pk)
    if live.exists():
        with transaction.atomic():
            log.record("sign_on.replayed", target=authorization.client, data={"what": what})
            end_authorizations(live)


def note_reuse(refresh_token):
    """The library has revoked the tokens of a used refresh token's family; the family itself ends here."""
    used = get_refresh_token_model().objects.filter(token_checksum=digest_of(refresh_token), revoked__isnull=False)
    authorization = Authorization.objects.live().filter(pk__in=used.values("token_family")).first()
    if authorization:
        end_replayed(authorization, what="refresh_token")


@transaction.atomic
def end_authorizations(authorizations):
    """First the rows that minting locks, then the tokens: what is minted meanwhile is found as well."""
    keys = [row.pk for row in authorizations.order_by("pk").select_for_update(no_key=True, of=("self",))]
    now = timezone.now()
    Authorization.objects.live().filter(pk__in=keys).update(ended_at=now)
    refresh_tokens = get_refresh_token_model().objects.filter(token_family__in=keys)
    access_tokens = list(refresh_tokens.values_list("access_token_id", flat=True))
    refresh_tokens.filter(revoked__isnull=True).update(revoked=now, updated=now)
    get_access_token_model().objects.filter(pk__in=[pk for pk in access_tokens if pk]).delete()


def tell_clients(authorizations):
    """One logout token for each client and sign-on, to be sent by the worker."""
    pairs = (
        authorizations.exclude(client__backchannel_logout_uri="")
        .filter(client__is_active=True)
        .values_list("client_id", "sign_on_id")
        .distinct()
    )
    retry_until = timezone.now() + timedelta(hours=settings.LOGOUT_NOTICE_HOURS)
    LogoutNotice.objects.bulk_create(
        LogoutNotice(client_id=client, sign_on_id=sign_on, retry_until=retry_until) for client, sign_on in set(pairs)
    )


def sweep():
    """End what ran out of time, and forget what ended two days ago. Returns (ended, forgotten)."""
    now = timezone.now()
    ended = end(SignOn.objects.filter(started_at__lt=now - timedelta(hours=settings.SIGN_ON_HOURS)))
    long_ago = now - timedelta(days=2)
    old = SignOn.objects.filter(ended_at__lt=long_ago)
    families = Authorization.objects.filter(sign_on__in=old).values("pk")
    get_refresh_token_model().objects.filter(token_family__in=families).delete()
    get_access_token_model().objects.filter(expires__lt=long_ago).delete()
    forgotten, _by_model = old.delete()
    return ended, forgotten

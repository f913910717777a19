"""Sessions in the database, encrypted, with whose they are and on what device beside them.

A new key is written once, at the end of its request, where Django writes it when it is made and again at the end;
two keys of 32 random characters are never the same, so nobody looks first.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import VALID_KEY_CHARS, CreateError, UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import IntegrityError, models
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from accounts.models.user import User
from core import crypto
from core.compiled import compiled
from core.one_time_links import digest_of

STARTED, SEEN, DEVICE, KIND = "started", "seen", "device", "kind"


def moment(seconds):
    return datetime.fromtimestamp(seconds, tz=UTC)


class SessionStore(DatabaseStore):
    @classmethod
    def get_model_class(cls):
        return BrowserSession

    person: User | None = None  # who is behind it, read in the same statement

    def _get_session_from_db(self):
        row = _sessions.first(key=self.session_key, at=timezone.now())
        if row is None:
            self._session_key = None
            return None
        self.person = row.user
        return row

    def encode(self, session_dict):
        """Encrypted: what was typed into an address, or is still to be asked, waits in it."""
        return crypto.encrypt_bytes(self.serializer().dumps(session_dict)).decode()

    def decode(self, session_data):
        try:
            return self.serializer().loads(crypto.decrypt_bytes(session_data.encode()))
        except (crypto.Undecryptable, ValueError):
            return {}

    def _get_new_session_key(self):
        return get_random_string(32, VALID_KEY_CHARS)

    def cycle_key(self):
        """The former key is worth nothing from now on; the new one comes when the session is saved."""
        former = self.session_key
        self._session  # type: ignore[attr-defined]  # noqa: B018 – loads what was kept under the former key
        self._session_key = None
        self.modified = True
        if former:
            self.delete(former)

    def create_model_instance(self, data):
        """The row outlives the session by an hour: who comes a little late is told so, and loses nothing typed."""
        row: Any = super().create_model_instance(data)
        if SESSION_KEY in data and STARTED in data:
            row.user_id = int(data[SESSION_KEY])
            row.device = data.get(DEVICE, "")
            row.started_at, row.seen_at = moment(data[STARTED]), moment(data[SEEN])
            row.expire_date = row.started_at + timedelta(seconds=settings.SESSION_COOKIE_AGE, hours=1)
        return row

    def save(self, must_create=False):
        """One statement. A row that was deleted meanwhile (signed out from elsewhere) is never written anew."""
        if self.session_key is None:
            return self.create()
        row = self.create_model_instance(self._get_session(no_load=must_create))  # type: ignore[attr-defined]
        if must_create:
            try:
                row.save(force_insert=True)
            except IntegrityError:
                raise CreateError from None
            return None
        values = {field.attname: getattr(row, field.attname) for field in row._meta.fields}
        if not self.model.objects.filter(pk=values.pop("session_key")).update(**values):
            raise UpdateError
        return None


class BrowserSession(AbstractBaseSession):
    """One log-in in one browser. No address is kept, and where it is nobody guesses; deleting the row ends it."""

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, null=True, related_name="browser_sessions", verbose_name=_("帳號")
    )
    device = models.CharField(_("裝置"), max_length=40, blank=True)
    started_at = models.DateTimeField(_("登入時間"), null=True)
    seen_at = models.DateTimeField(_("最近使用"), null=True)

    class Meta(AbstractBaseSession.Meta):  # type: ignore[name-defined]
        verbose_name = _("登入中的裝置")
        verbose_name_plural = _("登入中的裝置")

    def __str__(self):
        return f"{self.user} {self.device}"

    @classmethod
    def get_session_store_class(cls):
        return SessionStore

    @property
    def mark(self):
        """What a page calls this session by: its key would be as good as the log-in itself."""
        return digest_of(self.session_key)[:24]


@compiled(key=str, at=datetime)
def _sessions(key, at):
    """The session that lasts, with the person behind it and what every page asks of a person."""
    about = ("user__school", "user__student__school_class", "user__sso_account")
    return BrowserSession.objects.filter(session_key=key, expire_date__gt=at).select_related(*about)

"""The services of others that parents sign in to here: OpenID Connect calls them clients."""

from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import AbstractApplication, ApplicationManager

from accounts.models.user import User
from core.models import WebAddressField
from core.one_time_links import digest_of, new_token

LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def check_address(address, *, what):
    """Raise ValidationError unless browsers may be sent to `address`: https, a host, nothing hidden in it."""
    parts = urlsplit(address)
    is_local = settings.ALLOW_LOCAL_CLIENTS and parts.scheme == "http" and parts.hostname in LOOPBACK
    if parts.scheme != "https" and not is_local:
        raise ValidationError(_("%(what)s必須以 https:// 開頭：%(address)s"), params={"what": what, "address": address})
    if not parts.hostname or "@" in parts.netloc or "#" in address or "*" in address or "\\" in address:
        raise ValidationError(
            _("%(what)s要有完整的主機名稱，不能有 @、#、* 或反斜線：%(address)s"),
            params={"what": what, "address": address},
        )


class ClientManager(ApplicationManager):
    def on_launcher(self):
        """What parents find among their services."""
        return self.filter(is_service=True, is_active=True).select_related("logo")


class Client(AbstractApplication):
    """One registered client; it is told no more than its trust allows, and sends parents to its own addresses."""

    class Kind(models.TextChoices):
        FIRST_PARTY = "first_party", _("本市自有")
        CERTIFIED = "certified", _("經認證")
        TRIAL = "trial", _("試辦")

    class Trust(models.TextChoices):
        IDENTITY = "identity", _("只認得是同一個人")
        PERSON = "person", _("姓名與電子郵件")
        CHILDREN = "children", _("姓名、電子郵件與綁定的孩子")
        BILLS = "bills", _("姓名、電子郵件、綁定的孩子與他們的繳費單")

    SCOPES: dict[str, tuple[str, ...]] = {
        Trust.IDENTITY: ("openid",),
        Trust.PERSON: ("openid", "profile", "email"),
        Trust.CHILDREN: ("openid", "profile", "email", "children"),
        Trust.BILLS: ("openid", "profile", "email", "children", "bills:read"),
    }

    # Of the library's fields: what is the same for every client here, and what none of them has.
    authorization_grant_type = AbstractApplication.GRANT_AUTHORIZATION_CODE
    algorithm = AbstractApplication.RS256_ALGORITHM
    registration_source = AbstractApplication.RegistrationSource.MANUAL
    user = client_secret = hash_client_secret = allowed_origins = cimd_expires_at = None  # type: ignore[assignment]

    name = models.CharField(_("名稱"), max_length=60, unique=True)
    kind = models.CharField(_("種類"), max_length=12, choices=Kind.choices, default=Kind.TRIAL)
    trust = models.CharField(_("信任程度"), max_length=10, choices=Trust.choices, default=Trust.IDENTITY)
    is_active = models.BooleanField(_("啟用"), default=True)
    client_type = models.CharField(
        _("連線方式"),
        max_length=32,
        choices=[
            (AbstractApplication.CLIENT_CONFIDENTIAL, _("伺服器（保管密鑰）")),
            (AbstractApplication.CLIENT_PUBLIC, _("手機或桌面程式（沒有密鑰）")),
        ],
        default=AbstractApplication.CLIENT_CONFIDENTIAL,
    )
    skip_authorization = models.BooleanField(_("不必詢問同意"), default=False, help_text=_("只限本市自有的服務。"))
    redirect_uris = models.TextField(_("登入後返回的網址"), help_text=_("一行一個，一字不差。"))
    post_logout_redirect_uris = models.TextField(
        _("登出後返回的網址"), blank=True, default="", help_text=_("一行一個，一字不差。")
    )
    backchannel_logout_uri = WebAddressField(
        _("登出通知網址"), blank=True, help_text=_("家長登出時，系統會把登出通知送到這個網址。")
    )
    sector = models.CharField(
        _("代號範圍"),
        max_length=253,
        blank=True,
        help_text=_("同一個範圍內的服務看到相同的家長代號。留空白就用返回網址的主機名稱；存檔後不能改。"),
    )
    may_introspect_all = models.BooleanField(
        _("可查驗所有權杖"), default=False, help_text=_("本市的資源伺服器才需要；其他服務只能查驗自己的權杖。")
    )
    secret_digest = models.CharField(max_length=64, blank=True, editable=False)
    secret_renewed_at = models.DateTimeField(_("密鑰更換時間"), null=True, editable=False)
    previous_secret_digest = models.CharField(max_length=64, blank=True, editable=False)
    previous_secret_until = models.DateTimeField(_("前一組密鑰有效至"), null=True, editable=False)
    is_service = models.BooleanField(_("列在家長的服務清單"), default=False)
    line = models.CharField(_("一句說明"), max_length=80, blank=True)
    launch_url = WebAddressField(_("服務網址"), blank=True)
    mark = models.CharField(
        _("標記字"), max_length=1, blank=True, help_text=_("沒有標誌時，顯示在方框裡的一個字，例如「繳」")
    )
    position = models.PositiveSmallIntegerField(_("順序"), default=0)

    objects = ClientManager()

    class Meta:
        verbose_name = _("介接系統（OIDC 用戶端）")
        verbose_name_plural = _("介接系統（OIDC 用戶端）")
        ordering = ["position", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(skip_authorization=False) | Q(kind="first_party"),
                name="only_first_party_skips_consent",
                violation_error_message=_("只有本市自有的服務可以不必詢問同意。"),
            ),
            models.CheckConstraint(
                condition=Q(is_service=False) | (~Q(line="") & ~Q(launch_url="") & ~Q(mark="")),
                name="service_has_line_and_address",
                violation_error_message=_("列在服務清單要填一句說明、服務網址和標記字。"),
            ),
            models.CheckConstraint(
                condition=Q(previous_secret_digest="", previous_secret_until__isnull=True)
                | (~Q(previous_secret_digest="") & Q(previous_secret_until__isnull=False)),
                name="previous_secret_has_an_end",
            ),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        problems = {}
        for field in ("redirect_uris", "post_logout_redirect_uris", "backchannel_logout_uri", "launch_url"):
            try:
                for address in getattr(self, field).split():
                    check_address(address, what=self._meta.get_field(field).verbose_name)
            except ValidationError as problem:
                problems[field] = problem
        if not self.redirect_uris.split():
            problems.setdefault("redirect_uris", ValidationError(_("請填至少一個登入後返回的網址。")))
        elif not self.sector and len(self.redirect_hosts) > 1:
            problems["sector"] = ValidationError(_("返回的網址有好幾個主機，請填代號範圍。"))
        if problems:
            raise ValidationError(problems)

    def save(self, *args, **kwargs):
        if not self.sector:
            [self.sector] = self.redirect_hosts
        super().save(*args, **kwargs)

    @property
    def redirect_hosts(self):
        return {urlsplit(address).hostname or "" for address in self.redirect_uris.split()}

    @property
    def scopes(self):
        """What the city trusts this client with."""
        return self.SCOPES[self.trust]

    @property
    def is_confidential(self):
        return self.client_type == self.CLIENT_CONFIDENTIAL

    def is_usable(self, request):
        return self.is_active

    def redirect_uri_allowed(self, uri):
        """Letter by letter: RFC 9700 leaves nothing to normalise."""
        return uri in self.redirect_uris.split()

    def post_logout_redirect_uri_allowed(self, uri):
        return uri in self.post_logout_redirect_uris.split()

    def renew_secret(self):
        """A new secret, told once. The one before works on for CLIENT_SECRET_OVERLAP_DAYS."""
        if self.secret_digest:
            self.previous_secret_digest = self.secret_digest
            self.previous_secret_until = timezone.now() + timedelta(days=settings.CLIENT_SECRET_OVERLAP_DAYS)
        secret = new_token()
        self.secret_digest = digest_of(secret)
        self.secret_renewed_at = timezone.now()
        return secret

    def drop_previous_secret(self):
        self.previous_secret_digest, self.previous_secret_until = "", None

    def secret_fits(self, secret):
        """Compare with both secrets every time, so that time does not tell which one it was."""
        digest = digest_of(secret)
        is_current = bool(self.secret_digest) and constant_time_compare(digest, self.secret_digest)
        is_previous = constant_time_compare(digest, self.previous_secret_digest or "-")
        overlaps = self.previous_secret_until is not None and timezone.now() < self.previous_secret_until
        return is_current or (is_previous and overlaps)


class ClientLogo(models.Model):
    """The picture of a client, redrawn by us as PNG; apart, so that a token request does not carry it."""

    client = models.OneToOneField(Client, on_delete=models.CASCADE, related_name="logo")
    png = models.BinaryField()
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("標誌")
        verbose_name_plural = _("標誌")

    def __str__(self):
        return str(self.client)


class Connection(models.Model):
    """A parent's connected service (已連結的服務): what was agreed to, until the parent takes it back."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="connections", verbose_name=_("帳號"))
    client = models.ForeignKey(
        Client, on_delete=models.CASCADE, related_name="connections", verbose_name=_("介接系統（OIDC 用戶端）")
    )
    scope = models.CharField(_("範圍"), max_length=100)
    connected_at = models.DateTimeField(_("連結時間"), default=timezone.now)
    last_used_at = models.DateTimeField(_("最近使用"), default=timezone.now)

    class Meta:
        verbose_name = _("已連結的服務")
        verbose_name_plural = _("已連結的服務")
        ordering = ["-last_used_at"]
        constraints = [models.UniqueConstraint(fields=["user", "client"], name="connected_once")]

    def __str__(self):
        return f"{self.user} – {self.client}"

    @property
    def scopes(self):
        return self.scope.split()

    def covers(self, scopes):
        return set(scopes) <= set(self.scopes)

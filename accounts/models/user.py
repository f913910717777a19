"""Who can log in: families and staff of a school's portal, and parents with a city-wide SSO account."""

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.signals import sessions_ended
from core.compiled import compiled
from core.models import EmailAddressField, NameField, SearchedByName, SearchedByNameQuerySet
from registry.models import HasIdentityNumber, School, Student
from registry.roles import DECIDERS, AccountKind, Role


class UserManager(BaseUserManager.from_queryset(SearchedByNameQuerySet)):  # type: ignore[misc]
    def for_family(self, student):
        """The family's portal account: made when it is first needed, without a stored password."""
        user, _created = self.get_or_create(
            student=student,
            defaults={
                "kind": AccountKind.FAMILY,
                "school_id": student.school_id,
                "username": f"family/{student.pk}",
                "password": self.model.UNSET_PASSWORD,
            },
        )
        return user

    def create_staff(self, *, account, name, school=None, email="", password=None, **flags):
        """A member of staff of `school`, or of the city when there is none."""
        user = self.model(
            kind=AccountKind.STAFF,
            school=school,
            account=account.lower(),
            username=f"{school.slug if school else 'city'}/{account.lower()}",
            name=name,
            email=email,
            **flags,
        )
        user.set_password(password)
        user.full_clean()
        user.save()
        return user

    def create_superuser(self, username, password=None, **fields):
        """A city admin, as `manage.py createsuperuser` makes one."""
        return self.create_staff(account=username, name=username, password=password, is_staff=True, is_superuser=True)

    def get_by_natural_key(self, username):
        return self.get(username=username)


class User(SearchedByName, HasIdentityNumber, AbstractBaseUser, PermissionsMixin):
    """One account: a family's or a member of staff's at a school's portal, or a parent's at single sign-on."""

    # Django's mark of a password that nothing matches: the initial rule decides until the first change.
    UNSET_PASSWORD = "!unset"  # noqa: S105

    kind = models.CharField(_("帳號種類"), max_length=10, choices=AccountKind.choices)
    username = models.CharField(_("內部名稱"), max_length=254, unique=True)
    school = models.ForeignKey(
        School, on_delete=models.PROTECT, null=True, blank=True, related_name="users", verbose_name=_("學校")
    )
    account = models.CharField(_("教職員帳號"), max_length=40, blank=True)
    student = models.OneToOneField(
        Student, on_delete=models.PROTECT, null=True, blank=True, related_name="family_account", verbose_name=_("學生")
    )
    name = NameField(_("姓名"), max_length=60, blank=True)
    email = EmailAddressField(_("電子郵件"), blank=True)
    identity_cipher = models.TextField(_("身分證統一編號（加密）"), blank=True, editable=False)
    identity_fingerprint = models.CharField(
        _("身分證統一編號（指紋）"),
        max_length=64,
        blank=True,
        editable=False,
        help_text=_("教職員本人的證號指紋：本人子女的申請不由本人審核。"),
    )
    language = models.CharField(
        _("語言"),
        max_length=7,
        choices=settings.LANGUAGES,
        blank=True,
        help_text=_("在網頁上選過的語言；信件用這個語言寫。"),
    )
    asks_number = models.BooleanField(
        _("下次登入須填本人證號"), default=False, editable=False, help_text=_("只問導師、註冊組與學校管理者。")
    )
    has_temporary_password = models.BooleanField(_("下次登入須改密碼"), default=False)
    is_active = models.BooleanField(_("啟用"), default=True)
    is_staff = models.BooleanField(_("可進入管理後台"), default=False)
    has_second_factor = models.BooleanField(_("第二道驗證"), default=False, editable=False)
    session_epoch = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(_("建立時間"), default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []  # noqa: RUF012

    class Meta:
        verbose_name = _("帳號")
        verbose_name_plural = _("帳號")
        constraints = [
            models.UniqueConstraint(
                fields=["school", "account"],
                condition=~Q(account=""),
                name="staff_account_once_a_school",
                violation_error_message=_("這個學校已有同名的教職員帳號。"),
            ),
            models.CheckConstraint(
                condition=Q(kind="family", student__isnull=False, school__isnull=False)
                | Q(kind="staff", student__isnull=True)
                | Q(kind="parent", student__isnull=True, school__isnull=True, is_staff=False),
                name="account_fits_its_kind",
                violation_error_message=_("帳號的種類與學校、學生不符。"),
            ),
        ]

    def __str__(self):
        return self.audit_label

    @property
    def display_name(self):
        """What the head of the page calls this person."""
        if self.kind == AccountKind.FAMILY:
            return _("%(account)s（%(name)s的家長）") % {
                "account": self.student.portal_account,
                "name": self.student.name,
            }
        return self.name or self.account

    @property
    def audit_label(self):
        """A name for the event log that gives away no e-mail address."""
        if self.kind == AccountKind.FAMILY:
            return f"{self.school.slug}/{self.student.portal_account}"
        if self.kind == AccountKind.PARENT:
            return f"SSO {self.pk}"
        return self.username

    def get_session_auth_hash(self):
        """Sessions end when the password changes, and when `end_sessions` was called."""
        return f"{super().get_session_auth_hash()}.{self.session_epoch}"

    def get_session_auth_fallback_hash(self):
        for earlier in super().get_session_auth_fallback_hash():
            yield f"{earlier}.{self.session_epoch}"

    def end_sessions(self):
        """Log this person out everywhere, from the next request on."""
        self.end_sessions_of([self])

    @classmethod
    def end_sessions_of(cls, users):
        """Log these people out everywhere, from the next request on."""
        with transaction.atomic():
            keys = [one.pk for one in users]
            if len(keys) > 1:  # held in one order, whoever ends the sessions of some of them at this moment
                list(cls.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk").values_list("pk"))
            cls.objects.filter(pk__in=keys).update(session_epoch=models.F("session_epoch") + 1)
            sessions_ended.send(cls, users=users)

    @property
    def owes_second_factor(self):
        """Whether a password alone does not let this person in: staff, and parents who chose so."""
        return self.kind == AccountKind.STAFF or self.has_second_factor

    @property
    def must_change_password(self):
        return self.has_temporary_password or not self.has_usable_password()

    @property
    def initial_password(self):
        """The rule behind a password that was never changed; None where there is no such rule, or no number yet."""
        if self.kind == AccountKind.FAMILY:
            return self.student.identity_number or None
        if self.kind == AccountKind.PARENT:
            return self.sso_account.identity_number[-6:]
        return None

    @property
    def masked_identity(self):
        """The own number of a member of staff as it is shown; blank where it is not known in full."""
        return super().masked_identity if self.identity_cipher else ""

    @property
    def wants_number(self):
        """Whether this person decides on families, and the own ID number is not known: the pages ask for it."""
        is_staff = self.kind == AccountKind.STAFF and self.school_id is not None
        return is_staff and not self.identity_fingerprint and not self.roles.isdisjoint(DECIDERS)

    @cached_property
    def roles(self):
        """Read with the device that was shown (`accounts.second_factor.find_device`), which is the person's own."""
        shown = getattr(self, "otp_device", None)
        if hasattr(shown, "owners_roles"):
            return shown.owners_roles
        return frozenset(_roles(user=self.pk))


class StaffRole(models.Model):
    """A role that a member of staff holds at the own school."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="role_rows", verbose_name=_("帳號"))
    role = models.CharField(_("角色"), max_length=20, choices=Role.choices)

    class Meta:
        verbose_name = _("角色")
        verbose_name_plural = _("角色")
        constraints = [models.UniqueConstraint(fields=["user", "role"], name="role_once_a_user")]

    def __str__(self):
        return self.get_role_display()


@compiled(user=int)
def _roles(user):
    return StaffRole.objects.filter(user=user).values_list("role", flat=True)

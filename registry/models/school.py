"""Schools, their classes, and who is homeroom teacher of which class from when to when."""

from datetime import date

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.compiled import compiled
from core.languages import speaks_chinese
from core.models import NameField
from core.phones import PhoneField
from core.school_year import this_school_year
from registry.class_names import sort_key
from registry.contacts import contact_of
from registry.levels import DISTRICTS
from registry.models.emblem import Accent, Emblem
from registry.roles import Role


class SchoolQuerySet(models.QuerySet):
    def active(self):
        return self.filter(is_active=True)


class School(models.Model):
    """A school that takes part, with the people whom a family can call."""

    slug = models.SlugField(
        _("網址代碼"),
        max_length=30,
        unique=True,
        validators=[
            RegexValidator(r"^[a-z][a-z0-9-]+$", _("請用小寫英文字母開頭，只含英數字與連字號。")),
            RegexValidator(
                r"^(admin|billing|captcha|city|gallery|health|help|i18n|logout|mail|o|second-factor|session|sso|static)$",
                _("這個代碼是系統保留的網址，請換一個。"),
                inverse_match=True,
            ),
        ],
    )
    code = models.CharField(_("學校代碼"), max_length=10, unique=True)
    name = models.CharField(_("校名"), max_length=60)
    english_name = models.CharField(
        _("英文校名"), max_length=120, blank=True, help_text=_("不是中文的網頁與信件上顯示；沒有就顯示中文校名。")
    )
    district = models.CharField(_("行政區"), max_length=4, choices=DISTRICTS, blank=True)
    short_name = models.CharField(_("簡稱"), max_length=12)
    school_year = models.PositiveSmallIntegerField(
        _("學年度"), default=this_school_year, help_text=_("民國年，例如 115。升級或匯入新學年度的名冊時會自動更新。")
    )
    # Whom to call. An office is called by its usual word, unless the school has one of its own, in Chinese.
    helpdesk_phone = PhoneField(_("網路中心電話"))
    helpdesk_office = models.CharField(_("網路中心的校內名稱"), max_length=20, blank=True)
    registrar_phone = PhoneField(_("註冊組電話"))
    registrar_office = models.CharField(_("註冊組的校內名稱"), max_length=20, blank=True)
    cashier_phone = PhoneField(_("出納組電話"))
    cashier_office = models.CharField(_("出納組的校內名稱"), max_length=20, blank=True)
    notice = models.TextField(_("給家長的公告"), blank=True)
    binding_deadline = models.DateField(_("綁定截止日"), null=True, blank=True)
    accent = models.CharField(_("代表色"), max_length=8, choices=Accent, blank=True)
    emblem = models.OneToOneField(Emblem, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("校徽"))
    is_active = models.BooleanField(_("參加中"), default=True)

    objects = SchoolQuerySet.as_manager()

    class Meta:
        verbose_name = _("學校")
        verbose_name_plural = _("學校")
        ordering = ["code"]
        constraints = [models.CheckConstraint(condition=Q(accent__in=["", *Accent.values]), name="accent_is_known")]

    def __str__(self):
        return self.name

    @property
    def helpdesk_contact(self):
        return contact_of(self, "helpdesk")

    @property
    def registrar_contact(self):
        return contact_of(self, "registrar")

    @property
    def cashier_contact(self):
        return contact_of(self, "cashier")

    @property
    def local_name(self):
        """The name for readers of the language of the page."""
        return self.name if speaks_chinese() else self.english_name or self.name

    def is_called(self, query):
        """Whether a search for a school finds this one: by a part of any of its names, or by its code."""
        names = (self.name, self.short_name, self.english_name, self.code)
        return any(query.casefold() in "".join(name.casefold().split()) for name in names)


class SchoolClassQuerySet(models.QuerySet):
    def in_order(self):
        """As people sort classes: 1年2班 before 1年10班."""
        return self.order_by("sort_key", "name", "pk")

    def bulk_create(self, objs, *args, **kwargs):
        objs = list(objs)
        for one in objs:
            one.sort_key = sort_key(one.name)
        return super().bulk_create(objs, *args, **kwargs)

    def current(self):
        """Classes of the year that their school is in: a new year begins when the school says so."""
        return self.filter(school_year=F("school__school_year"))

    def taught_by(self, user, on=None):
        """Classes whose homeroom teacher or substitute is `user`, this school year and `on` that day, or today."""
        duties = HomeroomDuty.objects.on(on or timezone.localdate()).filter(
            school_class=OuterRef("pk"), account=user.account
        )
        return self.current().filter(Exists(duties), school=user.school_id)

    def of_reviewer(self, user, on=None):
        """Classes whose desk `user` may open: a homeroom teacher's own, all of the school for the registrar."""
        if Role.REGISTRAR in user.roles:
            return self.current().filter(school=user.school_id)
        return self.taught_by(user, on) if Role.HOMEROOM_TEACHER in user.roles else self.none()

    def with_homeroom(self):
        """Fetch who teaches each class today along with it."""
        duties = HomeroomDuty.objects.today().in_order()
        return self.prefetch_related(models.Prefetch("duties", duties, to_attr="duties_today"))


class SchoolClass(models.Model):
    """A class of one school year."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="classes", verbose_name=_("學校"))
    school_year = models.PositiveSmallIntegerField(_("學年度"), help_text=_("民國年，例如 115"))
    name = models.CharField(_("班級"), max_length=10)
    # Made from the name, so that the database sorts as people do.
    sort_key = models.CharField(_("排序"), max_length=80, default="", editable=False)

    objects = SchoolClassQuerySet.as_manager()

    class Meta:
        verbose_name = _("班級")
        verbose_name_plural = _("班級")
        ordering = ["school", "-school_year", "sort_key", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "school_year", "name"],
                name="class_once_a_year",
                violation_error_message=_("這個學年度已有同名的班級。"),
            )
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.sort_key = sort_key(self.name)
        if (fields := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*fields, "sort_key"}
        super().save(*args, **kwargs)

    @property
    def homeroom(self):
        """Who teaches the class today, the homeroom teacher before a substitute; None when nobody does."""
        return next(iter(self.homerooms), None)

    @property
    def homerooms(self):
        """Who teaches the class today: the homeroom teacher, a second one, then substitutes."""
        if hasattr(self, "duties_today"):
            return self.duties_today
        return _homerooms(school_class=self.pk, on=timezone.localdate())


class HomeroomDutyQuerySet(models.QuerySet):
    def on(self, day):
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)

    def today(self):
        return self.on(timezone.localdate())

    def standing(self):
        """Homeroom teachers, first and second, whose duty has no end yet."""
        return self.filter(is_substitute=False, ends_on=None)

    def in_order(self):
        return self.order_by("is_substitute", "place", "-starts_on", "-pk")


class HomeroomDuty(models.Model):
    """From when to when a staff account is homeroom teacher (導師) of a class, or stands in (代理導師).

    A class may have two homeroom teachers, with the same rights; `place` says who stands first on pages and forms.
    """

    PLACES = (1, 2)

    school_class = models.ForeignKey(
        SchoolClass, on_delete=models.CASCADE, related_name="duties", verbose_name=_("班級")
    )
    account = models.CharField(_("導師帳號"), max_length=40)
    name = NameField(_("導師姓名"), max_length=60, blank=True)
    contact = models.CharField(_("導師聯絡方式"), max_length=80, blank=True)
    is_substitute = models.BooleanField(_("代理"), default=False)
    place = models.PositiveSmallIntegerField(_("第幾位導師"), default=1, editable=False)
    starts_on = models.DateField(_("開始日"))
    ends_on = models.DateField(_("結束日"), null=True, blank=True, help_text=_("含當日；不填就是沒有期限。"))

    objects = HomeroomDutyQuerySet.as_manager()

    class Meta:
        verbose_name = _("導師職務")
        verbose_name_plural = _("導師職務")
        ordering = ["school_class", "is_substitute", "-starts_on", "-pk"]
        indexes = [models.Index(fields=["account"], name="duties_of_an_account")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="duty_ends_after_it_starts",
                violation_error_message=_("結束日不能早於開始日。"),
            ),
            models.UniqueConstraint(
                fields=["school_class", "place"],
                condition=Q(is_substitute=False, ends_on__isnull=True),
                name="one_homeroom_teacher_a_class",
                violation_error_message=_("這個班級已經有導師。"),
            ),
            models.CheckConstraint(
                condition=Q(place__in=[1, 2]),
                name="two_homeroom_teachers_at_most",
                violation_error_message=_("一班最多兩位導師。"),
            ),
        ]

    def __str__(self):
        return f"{self.school_class} {self.account}"


@compiled(school_class=int, on=date)
def _homerooms(school_class, on):
    return HomeroomDuty.objects.on(on).filter(school_class=school_class).in_order()

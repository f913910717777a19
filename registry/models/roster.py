"""Rosters on their way into the registry, and their rows while somebody decides."""

import uuid
from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import names
from core.encrypted_files import HasEncryptedFile
from core.models import NameField, WordsField
from core.school_year import this_school_year
from core.states import HasStates
from registry.models.person import HasIdentityNumber
from registry.models.school import School
from registry.models.student import Student


def stored_roster_name(roster_import, _name):
    """A name that tells nothing; the folder is private."""
    return f"rosters/{uuid.uuid4().hex}"


class RosterImportQuerySet(models.QuerySet):
    def hold(self, roster_import):
        """The roster as the database has it now, held until the transaction ends."""
        held = self.select_for_update(of=("self",)).select_related("school", "decided_by")
        return held.get(pk=roster_import.pk)

    def forgotten(self):
        """Uploaded long ago and never decided."""
        limit = timezone.now() - RosterImport.KEPT_FOR
        return self.filter(state__in=[RosterImport.State.WAITING, RosterImport.State.CHECKED], uploaded_at__lt=limit)

    def told_long_ago(self):
        """Decided long ago, with words about single students still on them."""
        limit = timezone.now() - RosterImport.KEPT_FOR
        return self.filter(decided_at__lt=limit).exclude(errors=[], notices=[], contents={}, questions={})


class RosterImport(HasEncryptedFile, HasStates):
    """A roster that was uploaded: checked, looked at, then applied or left; the last one can be undone.

    The uploaded file is kept encrypted only until it is checked, its rows only until they are decided.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("檢查中")
        REFUSED = "refused", _("有錯誤")
        CHECKED = "checked", _("待確認")
        APPLYING = "applying", _("寫入中")
        APPLIED = "applied", _("已匯入")
        LEFT = "left", _("已放棄")
        FAILED = "failed", _("處理失敗")
        UNDONE = "undone", _("已復原")

    MOVES: dict[str, set] = {
        State.WAITING: {State.CHECKED, State.REFUSED, State.LEFT, State.FAILED},
        State.CHECKED: {State.APPLYING, State.LEFT},
        State.APPLYING: {State.APPLIED, State.REFUSED, State.FAILED},
        State.APPLIED: {State.UNDONE},
    }
    KEPT_FOR = timedelta(days=7)
    SILENT_FOR = timedelta(minutes=10)  # a worker that says nothing for so long has died

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="roster_imports", verbose_name=_("學校"))
    school_year = models.PositiveSmallIntegerField(_("學年度"), default=this_school_year)
    name = models.CharField(_("檔名"), max_length=100)
    file = models.FileField(_("檔案"), upload_to=stored_roster_name, blank=True)
    size = models.PositiveIntegerField(_("大小（位元組）"), default=0)
    takes_new_classes = models.BooleanField(_("可以有新的班級"), default=False)
    has_guardians = models.BooleanField(_("含監護人欄位"), default=False)
    state = models.CharField(_("狀態"), max_length=8, choices=State.choices, default=State.WAITING)
    rows_done = models.PositiveIntegerField(_("已檢查的列數"), default=0)
    percent = models.PositiveSmallIntegerField(_("進度"), default=0)
    counts = models.JSONField(_("人數"), default=dict)
    contents = WordsField(_("檔案裡有什麼"), default=dict, blank=True)
    errors = WordsField(_("要修正的地方"), default=list)
    notices = WordsField(_("請核對的地方"), default=list)
    questions = WordsField(_("要確認的地方"), default=dict)
    undo = models.JSONField(_("復原所需"), default=dict)
    uploaded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, verbose_name=_("上傳者"))
    uploaded_at = models.DateTimeField(_("上傳時間"), default=timezone.now)
    seen_alive_at = models.DateTimeField(_("最近的進展"), default=timezone.now)
    decided_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("處理者")
    )
    decided_at = models.DateTimeField(_("處理時間"), null=True)

    objects = RosterImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("名冊匯入")
        verbose_name_plural = _("名冊匯入")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "checked", "applying"], decided_at__isnull=True)
                | (~Q(state__in=["waiting", "checked", "applying"]) & Q(decided_at__isnull=False)),
                name="roster_import_decided_with_time",
            )
        ]

    def __str__(self):
        return self.name

    @property
    def is_busy(self):
        """A worker has it or will have it."""
        return self.state in (self.State.WAITING, self.State.APPLYING)

    @property
    def is_stuck(self):
        return self.is_busy and self.seen_alive_at < timezone.now() - self.SILENT_FOR

    @property
    def is_of_former_year(self):
        """The school has gone on to a later year since the roster was uploaded."""
        return self.school_year < self.school.school_year

    @property
    def waits_for_decision(self):
        return self.state == self.State.CHECKED

    def keep(self, content):
        self.size = len(content)
        super().keep(content)

    def move_to(self, state, **fields):
        """Save it all; what is not needed any longer goes: the file once checked, the rows once decided."""
        self.set_state(state, seen_alive_at=timezone.now(), **fields)
        if not (self.is_busy or self.waits_for_decision):
            self.decided_at = timezone.now()
            self.rows.all().delete()
        if self.file and state != self.State.APPLYING:
            self.let_file_go()
        self.save()

    def report(self, **progress):
        """Say how far the work is, outside its transaction, for who waits in front of the page."""
        progress["seen_alive_at"] = timezone.now()
        type(self).objects.filter(pk=self.pk).update(**progress)


class RosterRow(HasIdentityNumber):
    """One student as an uploaded roster has it, every value clean, and what applying it would do."""

    class Outcome(models.TextChoices):
        NEW = "new", _("新增")
        ARRIVED = "arrived", _("轉入")
        MOVED = "moved", _("換班")
        CHANGED = "changed", _("更新")
        UNCHANGED = "unchanged", _("沒有變動")

    roster_import = models.ForeignKey(RosterImport, on_delete=models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField(_("列"))  # counted through all sheets of the file
    class_name = models.CharField(_("班級"), max_length=10)
    seat_number = models.PositiveSmallIntegerField(_("座號"))
    student_number = models.CharField(_("學號"), max_length=20)
    name = NameField(_("姓名"), max_length=60)
    birth_on = models.DateField(_("出生日期"))
    homeroom_account = models.CharField(_("導師帳號"), max_length=520, blank=True)
    homeroom_name = NameField(_("導師姓名"), max_length=60, blank=True)
    homeroom_contact = models.CharField(_("導師聯絡方式"), max_length=80, blank=True)
    guardians = models.JSONField(_("監護人"), default=list)
    student = models.ForeignKey(Student, on_delete=models.CASCADE, null=True, related_name="+")
    outcome = models.CharField(_("結果"), max_length=9, choices=Outcome.choices)
    old = models.JSONField(_("原來"), default=dict)

    class Meta:
        verbose_name = _("名冊的一列")
        verbose_name_plural = _("名冊的各列")
        ordering = ["roster_import", "line"]
        constraints = [models.UniqueConstraint(fields=["roster_import", "line"], name="roster_line_once")]

    def __str__(self):
        return f"{self.line}: {self.class_name} {self.seat_number} {names.mask(self.name)}"

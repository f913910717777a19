"""Rosters on their way into the registry, and their rows while somebody decides."""

import hashlib
import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import crypto, names
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
        limit = timezone.now() - RosterImport.kept_for()
        return self.filter(state__in=RosterImport.UNDECIDED, uploaded_at__lt=limit)

    def told_long_ago(self):
        """Decided long ago, with words about single students still on them."""
        limit = timezone.now() - RosterImport.kept_for()
        return self.filter(decided_at__lt=limit).exclude(errors=[], notices=[], contents={}, questions={})

    def with_old_file(self):
        """Refused long ago, with the uploaded file still kept for who mends it."""
        limit = timezone.now() - RosterImport.kept_for()
        return self.filter(decided_at__lt=limit).exclude(file="")


class RosterImport(HasEncryptedFile, HasStates):
    """A roster that was uploaded: checked, looked at, then applied or left; the last one can be undone.

    The uploaded file is kept, encrypted, until the roster is applied or left, or for `ROSTER_KEPT_DAYS`; its rows only
    until they are decided.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("檢查中")
        COLUMNS = "columns", _("待對應欄位")
        REFUSED = "refused", _("有錯誤")
        CHECKED = "checked", _("待確認")
        APPLYING = "applying", _("寫入中")
        APPLIED = "applied", _("已匯入")
        LEFT = "left", _("已放棄")
        FAILED = "failed", _("處理失敗")
        UNDONE = "undone", _("已復原")

    MOVES: dict[str, set] = {
        State.WAITING: {State.CHECKED, State.COLUMNS, State.REFUSED, State.LEFT, State.FAILED},
        State.COLUMNS: {State.WAITING, State.LEFT},
        State.CHECKED: {State.APPLYING, State.WAITING, State.LEFT},
        State.REFUSED: {State.WAITING, State.LEFT},
        State.APPLYING: {State.APPLIED, State.REFUSED, State.FAILED},
        State.APPLIED: {State.UNDONE},
    }
    UNDECIDED = (State.WAITING, State.COLUMNS, State.CHECKED)
    KEEPS_FILE = (*UNDECIDED, State.REFUSED, State.APPLYING)
    SILENT_FOR = timedelta(minutes=10)  # a worker that says nothing for so long has died

    class Covers(models.TextChoices):
        SCHOOL = "school", _("全校")
        CLASSES = "classes", _("只有部分班級")

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="roster_imports", verbose_name=_("學校"))
    school_year = models.PositiveSmallIntegerField(_("學年度"), default=this_school_year)
    name = models.CharField(_("檔名"), max_length=100)
    file = models.FileField(_("檔案"), upload_to=stored_roster_name, blank=True)
    size = models.PositiveIntegerField(_("大小（位元組）"), default=0)
    digest = models.CharField(_("內容指紋"), max_length=64, blank=True)
    covers = models.CharField(_("名冊範圍"), max_length=7, choices=Covers.choices, default=Covers.SCHOOL)
    only_classes = models.JSONField(_("範圍內的班級"), default=list, blank=True)  # names; none: those in the file
    chosen_columns = WordsField(_("選定的欄位"), default=dict, blank=True)  # {title as compared: column}
    chosen_classes = WordsField(_("選定的班級"), default=dict, blank=True)  # {sheet: class name}
    answers = models.JSONField(_("已核對"), default=list, blank=True)  # kinds of questions ticked so far
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
    compared_at = models.DateTimeField(_("比對時間"), null=True)
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
                condition=Q(state__in=["waiting", "columns", "checked", "applying"], decided_at__isnull=True)
                | (~Q(state__in=["waiting", "columns", "checked", "applying"]) & Q(decided_at__isnull=False)),
                name="roster_import_decided_with_time",
            )
        ]

    def __str__(self):
        return self.name

    @staticmethod
    def kept_for():
        """How long a roster that nobody decides is kept, and what is told of one that was."""
        return timedelta(days=settings.ROSTER_KEPT_DAYS)

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

    @property
    def can_be_checked_again(self):
        """Whether the file is still there and nothing was decided but that it has errors."""
        return bool(self.file) and self.state in (self.State.COLUMNS, self.State.CHECKED, self.State.REFUSED)

    @property
    def is_outdated(self):
        """Another roster was applied or undone after this one was compared: what the preview says is old."""
        if not self.waits_for_decision:
            return False
        decided = [self.State.APPLIED, self.State.UNDONE]
        others = RosterImport.objects.filter(school=self.school_id, state__in=decided)
        return others.filter(decided_at__gt=self.compared_at).exists()

    def keep(self, content):
        self.size = len(content)
        self.digest = crypto.fingerprint(hashlib.sha256(content).hexdigest())
        super().keep(content)

    def move_to(self, state, **fields):
        """Save it all; what is not needed any longer goes: the file and the rows once decided."""
        self.set_state(state, seen_alive_at=timezone.now(), **fields)
        is_open = self.state in self.UNDECIDED or self.is_busy
        self.decided_at = None if is_open else timezone.now()
        if not is_open:
            self.rows.all().delete()
        if self.file and state not in self.KEEPS_FILE:
            self.let_file_go()
        self.save()

    def report(self, **progress):
        """Say how far the work is, outside its transaction, for who waits in front of the page."""
        progress["seen_alive_at"] = timezone.now()
        type(self).objects.filter(pk=self.pk).update(**progress)


class KnownTitle(models.Model):
    """What a school once said that a title above its rosters means; "" where the column is not to be read."""

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="known_titles")
    title = models.CharField(_("標題"), max_length=100)  # as titles are compared, with #2 where it stands a second time
    column = models.CharField(_("欄位"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("名冊的標題")
        verbose_name_plural = _("名冊的標題")
        constraints = [models.UniqueConstraint(fields=["school", "title"], name="title_known_once_a_school")]

    def __str__(self):
        return self.title


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

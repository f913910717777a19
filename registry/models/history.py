"""What was changed about a student: old and new values, who, when and why."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.formats import roc_moment
from registry.models.roster import RosterImport
from registry.models.student import Student


class StudentChangeQuerySet(models.QuerySet):
    def bulk_create(self, objs, *args, **kwargs):
        objs = list(objs)
        for one in objs:
            one.kind = one.kind_of_values
        return super().bulk_create(objs, *args, **kwargs)

    def in_register(self):
        """What an office keeps in its monthly register (異動名冊): not what a roster did that was taken back."""
        taken_back = Q(cause=StudentChange.Cause.UNDO) | Q(roster_import__state=RosterImport.State.UNDONE)
        return self.exclude(taken_back).filter(kind__in=StudentChange.IN_REGISTER)


class StudentChange(models.Model):
    """One change of one student. `old` and `new` hold the fields that differ (see `registry.history`).

    `kind` follows from them. `on` is the day it counts from, as the registrar says it; `at` when it was written.
    """

    class Kind(models.TextChoices):
        ADDED = "added", _("名冊新增")
        ARRIVED = "arrived", _("轉入")
        LEAVING = "leaving", _("轉出")
        STAYED = "stayed", _("取消轉出")
        ON_LEAVE = "on_leave", _("休學")
        RETURNED = "returned", _("復學")
        LEFT = "left", _("離校")
        GRADUATED = "graduated", _("畢業")
        RENAMED = "renamed", _("改名")
        CORRECTED = "corrected", _("更正")
        CLASS = "class", _("轉班")
        SEAT = "seat", _("改座號")
        PROMOTED = "promoted", _("升級")
        OTHER = "other", _("其他")

    # Whoever looks for them finds the others too.
    IN_REGISTER = (
        Kind.ADDED, Kind.ARRIVED, Kind.LEAVING, Kind.STAYED, Kind.ON_LEAVE, Kind.RETURNED, Kind.LEFT, Kind.GRADUATED,
        Kind.RENAMED, Kind.CORRECTED, Kind.CLASS, Kind.SEAT,
    )  # fmt: skip
    OF_STATUS = {
        Student.Status.TRANSFERRING: Kind.LEAVING,
        Student.Status.ON_LEAVE: Kind.ON_LEAVE,
        Student.Status.LEFT: Kind.LEFT,
        Student.Status.GRADUATED: Kind.GRADUATED,
    }

    class Cause(models.TextChoices):
        ROSTER = "roster", _("名冊匯入")
        UNDO = "undo", _("復原名冊匯入")
        CORRECTION = "correction", _("家長申請更正")
        DIRECT = "direct", _("註冊組修改")
        MOVE = "move", _("學籍異動")
        PROMOTION = "promotion", _("升級")

    class Proof(models.TextChoices):
        HOUSEHOLD = "household", _("戶口名簿或戶籍謄本")
        IDENTITY = "identity", _("身分證或居留證")
        PASSPORT = "passport", _("護照")
        SCHOOL = "school", _("轉學證明書或原校學籍資料")
        SLIP = "slip", _("本校登錄時打錯")
        OTHER = "other", _("其他，寫在修改原因")

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="changes", verbose_name=_("學生"))
    kind = models.CharField(_("異動別"), max_length=10, choices=Kind.choices, editable=False)
    cause = models.CharField(_("原因"), max_length=10, choices=Cause.choices)
    old = models.JSONField(_("原來"))
    new = models.JSONField(_("之後"))
    on = models.DateField(_("異動日期"), default=timezone.localdate)
    proof = models.CharField(_("依據"), max_length=10, choices=Proof.choices, blank=True)
    note = models.CharField(_("說明"), max_length=200, blank=True)
    roster_import = models.ForeignKey(
        "RosterImport", on_delete=models.SET_NULL, null=True, related_name="changes", verbose_name=_("名冊")
    )
    school = models.ForeignKey("School", on_delete=models.PROTECT, verbose_name=_("學校"))
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, verbose_name=_("修改者"))
    at = models.DateTimeField(_("時間"), default=timezone.now)

    objects = StudentChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("學籍異動紀錄")
        verbose_name_plural = _("學籍異動紀錄")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["student", "-id"], name="changes_of_a_student"),
            models.Index(fields=["school", "on"], name="changes_of_a_school"),
        ]

    def __str__(self):
        return f"{self.get_cause_display()} {roc_moment(self.at)}"

    def save(self, *args, **kwargs):
        self.kind = self.kind_of_values
        super().save(*args, **kwargs)

    @property
    def kind_of_values(self):
        """The kind that says most about what changed."""
        if not self.old:
            return self.Kind.ADDED
        if "school" in self.new:
            return self.Kind.ARRIVED
        if "status" in self.new:
            return self.OF_STATUS.get(self.new["status"]) or self._kind_of_coming_back
        if "name" in self.new:
            return self.Kind.RENAMED
        if not {"identity", "birth_on", "student_number"}.isdisjoint(self.new):
            return self.Kind.CORRECTED
        if self.cause == self.Cause.PROMOTION:
            return self.Kind.PROMOTED
        if "class_name" in self.new:
            return self.Kind.CLASS
        return self.Kind.SEAT if "seat_number" in self.new else self.Kind.OTHER

    @property
    def _kind_of_coming_back(self):
        was_leaving = self.old["status"] == Student.Status.TRANSFERRING
        return self.Kind.STAYED if was_leaving else self.Kind.RETURNED

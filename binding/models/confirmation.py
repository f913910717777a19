"""Step 1: the student's data, confirmed as they stand or reported as wrong."""

import uuid

from django.core.files.base import ContentFile
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from binding.models.registrar import OfRegistrarQuerySet
from core import crypto
from core.models import NameField
from core.states import HasStates
from registry.models import Student


class DataConfirmation(models.Model):
    """A snapshot of what the family confirmed. When the registry changes, the family is asked again."""

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="confirmations", verbose_name=_("學生"))
    class_name = models.CharField(_("班級"), max_length=10)
    seat_number = models.PositiveSmallIntegerField(_("座號"))
    student_number = models.CharField(_("學號"), max_length=20)
    name = NameField(_("姓名"), max_length=60)
    confirmed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, verbose_name=_("確認者"))
    confirmed_at = models.DateTimeField(_("確認時間"), default=timezone.now)

    class Meta:
        verbose_name = _("資料確認")
        verbose_name_plural = _("資料確認")
        indexes = [models.Index(fields=["student", "-id"], name="confirmations_of_a_student")]

    def __str__(self):
        return f"{self.class_name} {self.student_number}"

    @staticmethod
    def facts_of(student):
        """What a family is asked to confirm, field by field."""
        return {
            "class_name": student.school_class.name,
            "seat_number": student.seat_number,
            "student_number": student.student_number,
            "name": student.name,
        }

    def still_holds_for(self, student):
        return all(getattr(self, field) == fact for field, fact in self.facts_of(student).items())


class CorrectionRequestQuerySet(OfRegistrarQuerySet):
    def open(self):
        return self.filter(status=CorrectionRequest.Status.OPEN)


def stored_proof_name(correction, _name):
    """A name that tells nothing; the folder is private."""
    return f"corrections/{uuid.uuid4().hex}"


class CorrectionRequest(HasStates):
    """資訊有誤: what a family says is wrong, for the registrar to decide."""

    class Status(models.TextChoices):
        OPEN = "open", _("處理中")
        DONE = "done", _("已更正")
        DECLINED = "declined", _("查無錯誤")
        WITHDRAWN = "withdrawn", _("家長撤回")

    STATE_FIELD = "status"
    MOVES: dict[str, set] = {Status.OPEN: {Status.DONE, Status.DECLINED, Status.WITHDRAWN}}
    DECISION = ("status", "answer", "decided_by", "decided_at", "proof", "proof_type")

    FIELDS = {"class_name": _("班級"), "seat_number": _("座號"), "name": _("姓名"), "student_number": _("學號")}

    student = models.ForeignKey(
        Student, on_delete=models.PROTECT, related_name="correction_requests", verbose_name=_("學生")
    )
    proposed = models.JSONField(_("應改為"), default=dict)
    message = models.CharField(_("說明"), max_length=300, blank=True)
    proof = models.FileField(_("證明"), upload_to=stored_proof_name, blank=True)
    proof_type = models.CharField(max_length=20, blank=True)
    status = models.CharField(_("狀態"), max_length=10, choices=Status.choices, default=Status.OPEN)
    requested_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", verbose_name=_("申請者")
    )
    requested_at = models.DateTimeField(_("申請時間"), default=timezone.now)
    answer = models.CharField(_("註冊組的說明"), max_length=300, blank=True)
    decided_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("處理者")
    )
    decided_at = models.DateTimeField(_("處理時間"), null=True)

    objects = CorrectionRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("資料更正申請")
        verbose_name_plural = _("資料更正申請")
        ordering = ["requested_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["student"], condition=Q(status="open"), name="one_open_correction_a_student"
            ),
            models.CheckConstraint(
                condition=Q(status="open", decided_at__isnull=True, decided_by__isnull=True)
                | (~Q(status="open") & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="correction_decided_by_someone",
            ),
        ]

    def __str__(self):
        return f"{self.student} {self.get_status_display()}"

    @property
    def comparison(self):
        """[(field's name, as registered, as the family says)] of what is said to be wrong."""
        facts = DataConfirmation.facts_of(self.student)
        return [
            (name, facts[field], self.proposed[field]) for field, name in self.FIELDS.items() if field in self.proposed
        ]

    def keep_proof(self, content, content_type):
        """Store the picture's bytes encrypted, in place of one sent before."""
        self.let_proof_go()
        self.proof.save("", ContentFile(crypto.encrypt_bytes(content)), save=False)
        self.proof_type = content_type

    def read_proof(self):
        with self.proof.open("rb") as stored:
            return crypto.decrypt_bytes(stored.read())

    def let_proof_go(self):
        if self.proof:
            storage, name = self.proof.storage, self.proof.name
            transaction.on_commit(lambda: storage.delete(name))
        self.proof, self.proof_type = "", ""

    def decide(self, status, *, by, answer=""):
        self.set_decision(status, by=by, answer=answer)
        self.save(update_fields=self.DECISION)

    def set_decision(self, status, *, by, answer=""):
        """As `decide`, and saves nothing: `DECISION` are the fields to write."""
        self.let_proof_go()
        self.set_state(status, answer=answer, decided_by=by, decided_at=timezone.now())

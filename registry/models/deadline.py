"""Until when a family has time: the school's date, or a later one given to a class or a student."""

from django.db import models
from django.db.models import Case, F, Q, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def effective_deadline(*, own=True):
    """The date that counts for a student, as an expression: the own extension, the class's, the school's date.

    An extension gives time and never takes it: one that the school's date has overtaken counts no longer, nor does
    one of a school that the student left. `own=False` leaves the student's own extension out.
    """
    school = F("school__binding_deadline")
    given = [extension_on("school_class__deadline_extension")]
    if own:
        given.insert(0, extension_on("deadline_extension"))
    return Coalesce(*given, school)


def extension_on(path):
    counts = {f"{path}__until__gt": F("school__binding_deadline"), f"{path}__school": F("school")}
    return Case(When(Q(**counts), then=F(f"{path}__until")), output_field=models.DateField())


class DeadlineExtension(models.Model):
    """展延: a later deadline for one class, or for one student."""

    school = models.ForeignKey(
        "registry.School", on_delete=models.CASCADE, related_name="extensions", verbose_name=_("學校")
    )
    school_class = models.OneToOneField(
        "registry.SchoolClass",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="deadline_extension",
        verbose_name=_("班級"),
    )
    student = models.OneToOneField(
        "registry.Student",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="deadline_extension",
        verbose_name=_("學生"),
    )
    until = models.DateField(_("延到"))
    reason = models.CharField(_("原因"), max_length=150, blank=True)
    given_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, verbose_name=_("核准者"))
    given_at = models.DateTimeField(_("核准時間"), default=timezone.now)

    class Meta:
        verbose_name = _("截止日展延")
        verbose_name_plural = _("截止日展延")
        ordering = ["-given_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(school_class__isnull=False, student__isnull=True)
                | Q(school_class__isnull=True, student__isnull=False),
                name="extension_of_a_class_or_a_student",
                violation_error_message=_("展延要選一個班級或一位學生，不能兩者都選。"),
            )
        ]

    def __str__(self):
        return f"{self.school_class or self.student} {self.until:%Y-%m-%d}"

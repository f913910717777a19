"""Forms of several classes or of a whole school, set by the worker."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.languages import joined
from core.printing.models import PrintBatch, batch_constraints

LANGUAGES = {"zh-hant": "中文", "en": "中文、English", "vi": "中文、Tiếng Việt", "id": "中文、Bahasa Indonesia"}


class PaperFormBatch(PrintBatch):
    """「申請書」 to print. The file holds names and log-in addresses."""

    EVENT, FOLDER = "paper_forms", "paper-forms"

    classes = models.ManyToManyField(
        "registry.SchoolClass", blank=True, related_name="+", verbose_name=_("班級"), help_text=_("空白：全校")
    )
    language = models.CharField(_("語言"), max_length=7, choices=list(LANGUAGES.items()))
    return_on = models.DateField(_("繳回日期"))

    class Meta(PrintBatch.Meta):
        verbose_name = _("申請書製作")
        verbose_name_plural = _("申請書製作")
        constraints = batch_constraints("paper_forms")

    def __str__(self):
        return f"{self.school} {self.return_on:%Y-%m-%d} {self.get_state_display()}"

    @property
    def class_names(self):
        """301、302, or nothing for the whole school."""
        return joined(one.name for one in self.classes.all())

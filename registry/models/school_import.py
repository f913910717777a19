"""A list of schools that the city uploaded: looked at first, then applied or left."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import WordsField
from core.states import HasStates


class SchoolImport(HasStates):
    """A good list; `rows` are kept while it waits, `counts` what it came to."""

    class State(models.TextChoices):
        CHECKED = "checked", _("待確認")
        APPLIED = "applied", _("已匯入")
        LEFT = "left", _("已放棄")

    MOVES: dict[str, set] = {State.CHECKED: {State.APPLIED, State.LEFT}}

    name = models.CharField(_("檔名"), max_length=100)
    rows = models.JSONField(_("各列"))
    contents = WordsField(_("檔案裡有什麼"), default=dict, blank=True)
    counts = models.JSONField(_("筆數"), default=dict)
    state = models.CharField(_("狀態"), max_length=8, choices=State.choices, default=State.CHECKED)
    uploaded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, verbose_name=_("上傳者"))
    uploaded_at = models.DateTimeField(_("上傳時間"), default=timezone.now)

    class Meta:
        verbose_name = _("學校名單匯入")
        verbose_name_plural = _("學校名單匯入")
        ordering = ["-pk"]

    def __str__(self):
        return self.name

    def move_to(self, state, **fields):
        """Apply or leave; the rows are not needed any longer."""
        super().move_to(state, rows=[], **fields)

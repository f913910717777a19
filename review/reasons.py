"""The reasons that reviewers of a school can pick for handing an application back."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit import log
from review.models import ReturnReason

MOST = 20
# For a school that has not written its own.
USUAL = [
    _("線上資料和申請書不同，請確認後修正。"),
    _("手機號碼和申請書不同，請確認後修正。"),
    _("姓名或證號和證件不同，請對照證件修正。"),
    _("證明文件看不清楚，請重新拍照上傳。"),
    _("申請書勾選不同意，請確認您的意願。"),
]


def reasons_of(school):
    """The school's own list in its order, else the usual ones."""
    own = list(ReturnReason.objects.filter(school=school).values_list("text", flat=True))
    return own or [str(reason) for reason in USUAL]


@transaction.atomic
def write_reasons(*, school, texts, by):
    """Make `texts` the school's list; an empty one brings the usual reasons back."""
    ReturnReason.objects.filter(school=school).delete()
    ReturnReason.objects.bulk_create(
        ReturnReason(school=school, text=text, position=position)
        for position, text in enumerate(dict.fromkeys(texts))
    )
    log.record("return_reasons.written", by=by, target=school, school=school, data={"reasons": len(texts)})

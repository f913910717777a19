"""An address that was taken for gone is tried again."""

from django.db import transaction

from accounts.models import User
from audit import log
from notifications.models import GoneAddress


@transaction.atomic
def try_again(*, gone: GoneAddress, by: User) -> bool:
    """Let mails go to the address again; what was held back meanwhile is not sent. False where somebody else just did."""
    deleted, _models = GoneAddress.objects.filter(pk=gone.pk).delete()
    if deleted:
        log.record("address.tried_again", by=by, target=gone, data={"code": gone.server_code})
    return bool(deleted)

"""What others keep of their own accord has its ID numbers blotted out; what the ground does is written down."""

from django.db.models.signals import pre_save
from django.dispatch import receiver

from audit import log
from core import identity
from core.printing.signals import batch_changed

# What Django's admin notes of each change, and the traceback of a task that failed.
KEPT_BY_OTHERS = {
    "admin.LogEntry": ["object_repr", "change_message"],
    "django_tasks_database.DBTaskResult": ["traceback"],
}


def connect():
    for model in KEPT_BY_OTHERS:
        pre_save.connect(blot_out, sender=model, dispatch_uid=f"blot_out {model}")


def blot_out(sender, instance, **kwargs):
    for field in KEPT_BY_OTHERS[sender._meta.label]:
        setattr(instance, field, identity.blot_out(getattr(instance, field)))


@receiver(batch_changed)
def record_printing(sender, *, batch, event, by=None, data=None, **kwargs):
    log.record(event, by=by, target=batch, school=batch.school, data=data)

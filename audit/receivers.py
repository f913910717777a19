"""Blots ID numbers out of what Django and the task worker keep of their own accord."""

from django.db.models.signals import pre_save

from core import identity

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

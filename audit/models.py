"""The event log: who did what when. Rows are added, never changed or removed."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.formats import roc_moment


class AppendOnly(Exception):
    """Somebody tried to change or remove an event."""


class EventQuerySet(models.QuerySet):
    def update(self, **kwargs):
        raise AppendOnly("events are never changed")

    def delete(self):
        raise AppendOnly("events are never removed")

    def about(self, target):
        return self.filter(target_type=target._meta.label_lower, target_id=str(target.pk))


class Event(models.Model):
    """One thing that happened. It refers by number, not by key: it outlives what it tells of."""

    at = models.DateTimeField(_("時間"), default=timezone.now, db_index=True)
    event = models.CharField(_("事件"), max_length=60, db_index=True)
    actor_kind = models.CharField(_("身分"), max_length=10, blank=True)
    actor_id = models.BigIntegerField(_("帳號編號"), null=True)
    actor_label = models.CharField(_("帳號"), max_length=80, blank=True)
    school_id = models.BigIntegerField(_("學校編號"), null=True)
    target_type = models.CharField(_("對象種類"), max_length=60, blank=True)
    target_id = models.CharField(_("對象編號"), max_length=40, blank=True)
    data = models.JSONField(_("內容"), default=dict)
    ip_address = models.GenericIPAddressField(_("來源位址"), null=True)
    request_id = models.CharField(_("請求編號"), max_length=36, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("事件")
        verbose_name_plural = _("事件")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["target_type", "target_id"], name="events_of_a_target"),
            models.Index(fields=["school_id", "-at"], name="events_of_a_school"),
            models.Index(fields=["actor_id", "-at"], name="events_of_an_actor"),
        ]

    def __str__(self):
        return f"{roc_moment(self.at)} {self.event}"

    def save(self, *args, **kwargs):
        if self.pk is not None:
            raise AppendOnly("events are never changed")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise AppendOnly("events are never removed")

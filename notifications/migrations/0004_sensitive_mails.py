"""Mails with a link or a code: sealed while they wait, emptied afterwards; those of before are treated alike."""

from django.db import migrations, models
from django.db.models import Q

from notifications.fields import Sealed, SealableTextField

SENSITIVE = [
    "account-left", "account-opened", "address-verify", "delegation-started", "own-address-changed",
    "own-address-verify", "password-reset", "sign-in-code", "staff-invited", "staff-password-link",
]  # fmt: skip


def empty_and_seal(apps, schema_editor):
    model = apps.get_model("notifications", "Message")
    model.objects.filter(kind__in=SENSITIVE).update(is_sensitive=True)
    model.objects.filter(is_sensitive=True).exclude(state="queued").update(text="", html="")
    for message in model.objects.filter(is_sensitive=True, state="queued").iterator(chunk_size=200):
        message.text, message.html = Sealed(message.text), Sealed(message.html)
        message.save(update_fields=["text", "html"])


class Migration(migrations.Migration):
    dependencies = [("notifications", "0003_stopped_mails")]

    operations = [
        migrations.AddField(
            model_name="message",
            name="is_sensitive",
            field=models.BooleanField(default=False, verbose_name="含有連結或驗證碼"),
        ),
        migrations.AlterField(
            model_name="message", name="html", field=SealableTextField(verbose_name="HTML 內容")
        ),
        migrations.AlterField(
            model_name="message", name="text", field=SealableTextField(verbose_name="文字內容")
        ),
        migrations.RunPython(empty_and_seal, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=Q(is_sensitive=False) | Q(state="queued") | Q(text="", html=""),
                name="secret_of_message_is_gone",
                violation_error_message="含有連結或驗證碼的信，不再等待寄送時要清空內容。",
            ),
        ),
    ]

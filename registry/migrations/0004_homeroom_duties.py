"""Homeroom teachers get dates; rosters uploaded and never decided before are let go."""

import datetime

from django.db import migrations
from django.utils import timezone

ROC_OFFSET = 1911


def duties_from_classes(apps, schema_editor):
    SchoolClass = apps.get_model("registry", "SchoolClass")
    HomeroomDuty = apps.get_model("registry", "HomeroomDuty")
    HomeroomDuty.objects.bulk_create(
        HomeroomDuty(
            school_class=one,
            account=one.homeroom_account.lower(),
            name=one.homeroom_name,
            contact=one.homeroom_contact,
            starts_on=min(datetime.date(one.school_year + ROC_OFFSET, 8, 1), timezone.localdate()),
        )
        for one in SchoolClass.objects.exclude(homeroom_account="").iterator()
    )


def leave_undecided_rosters(apps, schema_editor):
    RosterImport = apps.get_model("registry", "RosterImport")
    for one in RosterImport.objects.filter(state="checked"):
        if one.file:
            one.file.delete(save=False)
        one.state, one.decided_at = "left", timezone.now()
        one.save()


class Migration(migrations.Migration):

    dependencies = [("registry", "0003_desk")]

    operations = [
        migrations.RunPython(duties_from_classes, migrations.RunPython.noop),
        migrations.RunPython(leave_undecided_rosters, migrations.RunPython.noop),
        migrations.RemoveField(model_name="schoolclass", name="homeroom_account"),
        migrations.RemoveField(model_name="schoolclass", name="homeroom_contact"),
        migrations.RemoveField(model_name="schoolclass", name="homeroom_name"),
    ]

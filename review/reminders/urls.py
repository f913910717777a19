from django.urls import path

from review.reminders.views import ladder, slips

urlpatterns = [
    path("reminders/", ladder.reminders, name="reminders"),
    path("reminders/start/", ladder.reminders_start, name="reminders-start"),
    path("reminders/stop/", ladder.reminders_stop, name="reminders-stop"),
    path("reminders/stop/<str:token>/", ladder.reminder_stop, name="reminder-stop"),
    path("reminders/slips/", slips.slips_make, name="slips-make"),
    path("reminders/slips/<int:pk>/", slips.slips, name="slips"),
    path("reminders/slips/<int:pk>/file/", slips.slips_file, name="slips-file"),
    path("reminders/slips/<int:pk>/again/", slips.slips_again, name="slips-again"),
    path("classes/<int:pk>/slips/", slips.class_slips, name="class-slips"),
]

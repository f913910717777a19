from django.urls import path

from review.views import applications, classes, deadlines, paper, reminders, slips

app_name = "review"

urlpatterns = [
    path("", classes.home, name="home"),
    path("classes/<int:pk>/", classes.class_board, name="class"),
    path("classes/<int:pk>/approve/", classes.class_approve, name="class-approve"),
    path("classes/<int:pk>/paper-forms/", paper.paper_forms_mark, name="paper-forms-mark"),
    path("classes/<int:pk>/paper-forms/scan/", paper.paper_forms_scan, name="paper-forms-scan"),
    path("classes/<int:pk>/paper-forms/undo/", paper.paper_forms_undo, name="paper-forms-undo"),
    path("students/<int:student_pk>/paper-form/", paper.paper_form_mark, name="paper-form-mark"),
    path("paper/<str:code>/", paper.paper_form_return, name="paper-form"),
    path("applications/<int:pk>/", applications.application_page, name="application"),
    path(
        "applications/<int:pk>/applicants/<int:applicant_pk>/decision/",
        applications.decide,
        name="applicant-decide",
    ),
    path("applicants/<int:applicant_pk>/opening-mail/", applications.opening_renew, name="opening-renew"),
    path("reasons/", applications.return_reasons, name="return-reasons"),
    path("reminders/", reminders.reminders, name="reminders"),
    path("reminders/start/", reminders.reminders_start, name="reminders-start"),
    path("reminders/stop/", reminders.reminders_stop, name="reminders-stop"),
    path("reminders/stop/<str:token>/", reminders.reminder_stop, name="reminder-stop"),
    path("reminders/slips/", slips.slips_make, name="slips-make"),
    path("reminders/slips/<int:pk>/", slips.slips, name="slips"),
    path("reminders/slips/<int:pk>/file/", slips.slips_file, name="slips-file"),
    path("reminders/slips/<int:pk>/again/", slips.slips_again, name="slips-again"),
    path("classes/<int:pk>/slips/", slips.class_slips, name="class-slips"),
    path("classes/<int:pk>/deadline/", deadlines.class_deadline, name="class-deadline"),
    path("students/<int:pk>/deadline/", deadlines.student_deadline, name="student-deadline"),
    path("evidence/<int:pk>/", applications.evidence_file, name="evidence-file"),
]

from django.urls import include, path

from review.views import applications, classes, deadlines, decisions, evidence, paper, registrar, students

app_name = "review"

urlpatterns = [
    path("", include("review.census.urls")),
    path("", include("review.reminders.urls")),
    path("", classes.home, name="home"),
    path("classes/<int:pk>/", classes.class_board, name="class"),
    path("classes/<int:pk>/list/", classes.class_list, name="class-list"),
    path("classes/<int:pk>/missing/", classes.class_missing, name="class-missing"),
    path("classes/<int:pk>/log/", classes.class_log, name="class-log"),
    path("classes/<int:pk>/approve/", classes.class_approve, name="class-approve"),
    path("classes/<int:pk>/paper-forms/", paper.paper_forms_mark, name="paper-forms-mark"),
    path("classes/<int:pk>/paper-forms/differ/", paper.paper_forms_differ, name="paper-forms-differ"),
    path("classes/<int:pk>/paper-forms/scan/", paper.paper_forms_scan, name="paper-forms-scan"),
    path("classes/<int:pk>/paper-forms/undo/", paper.paper_forms_undo, name="paper-forms-undo"),
    path("students/<int:pk>/", students.student_page, name="student"),
    path("students/<int:pk>/note/", students.student_note, name="student-note"),
    path("students/<int:pk>/remind/", students.student_remind, name="student-remind"),
    path("students/<int:pk>/form/", students.student_form, name="student-form"),
    path("students/<int:student_pk>/paper-form/", paper.paper_form_mark, name="paper-form-mark"),
    path("paper/<str:code>/", paper.paper_form_return, name="paper-form"),
    path("applications/<int:pk>/", applications.application_page, name="application"),
    path("applications/<int:pk>/applicants/<int:applicant_pk>/decision/", decisions.decide, name="applicant-decide"),
    path("applicants/<int:applicant_pk>/opening-mail/", applications.opening_renew, name="opening-renew"),
    path("decisions/undo/", decisions.decisions_undo, name="decisions-undo"),
    path("applications/<int:pk>/handover/", registrar.application_escalate, name="hand-over"),
    path("applications/<int:pk>/handover/back/", registrar.application_return_to_teacher, name="give-back"),
    path("handed-over/", registrar.escalated, name="handed-over"),
    path("rules/", registrar.rules, name="rules"),
    path("classes/<int:pk>/deadline/", deadlines.class_deadline, name="class-deadline"),
    path("students/<int:pk>/deadline/", deadlines.student_deadline, name="student-deadline"),
    path("evidence/<int:pk>/", evidence.evidence_file, name="evidence-file"),
    path("evidence/<int:pk>/pages/<int:number>/", evidence.evidence_page, name="evidence-page"),
]

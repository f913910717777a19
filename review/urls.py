from django.urls import path

from review.views import applications, classes, paper

app_name = "review"

urlpatterns = [
    path("", classes.home, name="home"),
    path("classes/<int:pk>/", classes.class_queue, name="class"),
    path("students/<int:student_pk>/paper-form/", paper.paper_form_mark, name="paper-form-mark"),
    path("paper/<str:code>/", paper.paper_form_return, name="paper-form"),
    path("applications/<int:pk>/", applications.application_page, name="application"),
    path(
        "applications/<int:pk>/applicants/<int:applicant_pk>/decision/",
        applications.decide,
        name="applicant-decide",
    ),
    path("applicants/<int:applicant_pk>/opening-mail/", applications.opening_renew, name="opening-renew"),
    path("evidence/<int:pk>/", applications.evidence_file, name="evidence-file"),
]

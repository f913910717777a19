from django.urls import path

from review import views

app_name = "review"

urlpatterns = [
    path("", views.home, name="home"),
    path("classes/<int:pk>/", views.class_queue, name="class"),
    path("students/<int:student_pk>/paper-form/", views.paper_form_mark, name="paper-form-mark"),
    path("paper/<str:code>/", views.paper_form_return, name="paper-form"),
    path("applications/<int:pk>/", views.application_page, name="application"),
    path(
        "applications/<int:pk>/applicants/<int:applicant_pk>/decision/", views.decide, name="applicant-decide"
    ),
    path("applicants/<int:applicant_pk>/opening-mail/", views.opening_renew, name="opening-renew"),
    path("evidence/<int:pk>/", views.evidence_file, name="evidence-file"),
]

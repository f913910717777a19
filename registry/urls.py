from django.urls import path

from registry import views
from registry.paper_forms import views as forms

app_name = "registry"

urlpatterns = [
    path("roster/", views.roster_import, name="roster-import"),
    path("roster/<int:pk>/", views.roster_preview, name="roster-preview"),
    path("roster/<int:pk>/apply/", views.roster_apply, name="roster-apply"),
    path("roster/<int:pk>/leave/", views.roster_leave, name="roster-leave"),
    path("roster/template.xlsx", views.roster_template, name="roster-template"),
    path("forms/", forms.paper_forms, name="forms"),
    path("forms/<int:pk>/", forms.paper_forms_batch, name="forms-batch"),
    path("forms/<int:pk>/file/", forms.paper_forms_file, name="forms-file"),
    path("forms/<int:pk>/again/", forms.paper_forms_again, name="forms-again"),
]

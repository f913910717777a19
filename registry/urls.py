from django.urls import path

from registry import views

app_name = "registry"

urlpatterns = [
    path("roster/", views.roster_import, name="roster-import"),
    path("roster/template.xlsx", views.roster_template, name="roster-template"),
]

from django.urls import path

from registry import views

app_name = "registry"

urlpatterns = [
    path("roster/", views.roster_import, name="roster-import"),
    path("roster/<int:pk>/", views.roster_preview, name="roster-preview"),
    path("roster/<int:pk>/apply/", views.roster_apply, name="roster-apply"),
    path("roster/<int:pk>/leave/", views.roster_leave, name="roster-leave"),
    path("roster/template.xlsx", views.roster_template, name="roster-template"),
]

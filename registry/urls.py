from django.urls import path

from registry.views import roster

app_name = "registry"

urlpatterns = [
    path("roster/", roster.roster_list, name="roster-list"),
    path("roster/template.xlsx", roster.roster_template, name="roster-template"),
    path("roster/export.xlsx", roster.roster_export, name="roster-export"),
    path("roster/<int:pk>/", roster.roster, name="roster"),
    path("roster/<int:pk>/errors.xlsx", roster.roster_errors, name="roster-errors"),
    path("roster/<int:pk>/apply/", roster.roster_apply, name="roster-apply"),
    path("roster/<int:pk>/leave/", roster.roster_leave, name="roster-leave"),
    path("roster/<int:pk>/undo/", roster.roster_undo, name="roster-undo"),
]

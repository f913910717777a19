from django.urls import path

from registry.paper_forms import views as forms
from registry.views import classes, promotion, register, roster, roster_choices, several, status_changes, students

app_name = "registry"

urlpatterns = [
    path("forms/", forms.paper_forms, name="forms"),
    path("forms/<int:pk>/", forms.paper_forms_batch, name="forms-batch"),
    path("forms/<int:pk>/file/", forms.paper_forms_file, name="forms-file"),
    path("forms/<int:pk>/again/", forms.paper_forms_again, name="forms-again"),
    path("students/", students.student_list, name="students"),
    path("students/by-number/", students.student_by_number, name="student-by-number"),
    path("students/move/", several.move_several, name="students-move"),
    path("students/<int:pk>/", students.student, name="student"),
    path("students/<int:pk>/edit/", students.student_edit, name="student-edit"),
    path("students/<int:pk>/status/", students.student_status, name="student-status"),
    path("students/<int:pk>/keep/", students.student_keep, name="student-keep"),
    path("moves/", status_changes.to_decide, name="moves"),
    path("moves/missing/", status_changes.missing_decide, name="missing-decide"),
    path("moves/register/", register.month, name="register"),
    path("moves/<int:pk>/", status_changes.arrival, name="arrival"),
    path("classes/", classes.class_list, name="classes"),
    path("classes/<int:pk>/", classes.class_page, name="class"),
    path("classes/<int:pk>/duties/<int:duty_pk>/end/", classes.duty_end, name="duty-end"),
    path("promotion/", promotion.promotion, name="promotion"),
    path("roster/", roster.roster_list, name="roster-list"),
    path("roster/template.xlsx", roster.roster_template, name="roster-template"),
    path("roster/export.xlsx", roster.roster_export, name="roster-export"),
    path("roster/<int:pk>/", roster.roster, name="roster"),
    path("roster/<int:pk>/compare/", roster.roster_compare, name="roster-compare"),
    path("roster/<int:pk>/errors.xlsx", roster.roster_errors, name="roster-errors"),
    path("roster/<int:pk>/marked.xlsx", roster_choices.roster_marked, name="roster-marked"),
    path("roster/<int:pk>/columns/", roster_choices.roster_columns, name="roster-columns"),
    path("roster/<int:pk>/covers/", roster_choices.roster_covers, name="roster-covers"),
    path("roster/<int:pk>/again/", roster_choices.roster_again, name="roster-again"),
    path("roster/<int:pk>/apply/", roster.roster_apply, name="roster-apply"),
    path("roster/<int:pk>/leave/", roster.roster_leave, name="roster-leave"),
    path("roster/<int:pk>/undo/", roster.roster_undo, name="roster-undo"),
]

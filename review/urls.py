from django.urls import path

from review.views import applications, bindings, classes, custody, delegations, orders, paper

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
    path("bindings/", bindings.binding_list, name="bindings"),
    path("bindings/<int:pk>/", bindings.binding_page, name="binding"),
    path("bindings/<int:pk>/address/", bindings.binding_address, name="binding-address"),
    path("bindings/<int:pk>/address/resend/", bindings.address_resend, name="address-resend"),
    path("bindings/<int:pk>/address/cancel/", bindings.address_cancel, name="address-cancel"),
    path("bindings/<int:pk>/end/", bindings.binding_end, name="binding-end"),
    path("bindings/<int:pk>/court/", orders.binding_court, name="binding-court"),
    path("court-orders/<int:pk>/lift/", orders.court_lift, name="court-lift"),
    path("court-orders/<int:pk>/file/", orders.court_file, name="court-file"),
    path("students/<int:student_pk>/custody/", custody.custody, name="custody"),
    path("custody/<int:pk>/lift/", custody.custody_lift, name="custody-lift"),
    path("custody/<int:pk>/file/", custody.custody_file, name="custody-file"),
    path("students/<int:student_pk>/delegate/", delegations.delegate, name="delegate"),
    path("bindings/<int:pk>/prolong/", delegations.delegation_prolong, name="delegation-prolong"),
    path("bindings/<int:pk>/opening-mail/", delegations.binding_opening, name="binding-opening"),
    path("delegations/<int:pk>/file/", delegations.delegation_file, name="delegation-file"),
    path("reasons/", applications.return_reasons, name="return-reasons"),
    path("evidence/<int:pk>/", applications.evidence_file, name="evidence-file"),
]

"""The registrar's pages on bindings, and on what the school was told of a family."""

from django.urls import include, path

from binding.desk.views import (
    bindings,
    corrections,
    court_orders,
    custody,
    delegations,
    email_corrections,
    gone_addresses,
    person_corrections,
)

pages = [
    path("addresses/", email_corrections.waiting, name="addresses"),
    path("addresses/gone/", gone_addresses.gone_addresses, name="gone-addresses"),
    path("addresses/gone/<int:pk>/again/", gone_addresses.gone_address_again, name="gone-address-again"),
    path("addresses/<int:pk>/allow/", email_corrections.allow, name="address-allow"),
    path("addresses/<int:pk>/refuse/", email_corrections.refuse, name="address-refuse"),
    path("people/", person_corrections.people, name="people"),
    path("people/<int:pk>/", person_corrections.person, name="person"),
    path("people/<int:pk>/refuse/", person_corrections.refuse, name="person-refuse"),
    path("people/<int:pk>/cancel/", person_corrections.cancel, name="person-cancel"),
    path("bindings/<int:pk>/person/", person_corrections.correct_person, name="binding-person"),
    path("bindings/<int:pk>/court/", court_orders.binding_court, name="binding-court"),
    path("court-orders/<int:pk>/lift/", court_orders.court_lift, name="court-lift"),
    path("court-orders/<int:pk>/file/", court_orders.court_file, name="court-file"),
    path("bindings/", bindings.binding_list, name="bindings"),
    path("bindings/<int:pk>/", bindings.binding_page, name="binding"),
    path("bindings/<int:pk>/address/", email_corrections.correct_email, name="binding-address"),
    path("bindings/<int:pk>/address/resend/", email_corrections.resend_link, name="address-resend"),
    path("bindings/<int:pk>/address/cancel/", email_corrections.cancel, name="address-cancel"),
    path("bindings/<int:pk>/end/", bindings.binding_end, name="binding-end"),
    path("students/<int:student_pk>/custody/", custody.custody, name="custody"),
    path("custody/<int:pk>/lift/", custody.custody_lift, name="custody-lift"),
    path("custody/<int:pk>/file/", custody.custody_file, name="custody-file"),
    path("students/<int:student_pk>/delegate/", delegations.delegate, name="delegate"),
    path("bindings/<int:pk>/prolong/", delegations.delegation_prolong, name="delegation-prolong"),
    path("bindings/<int:pk>/opening-mail/", delegations.binding_opening, name="binding-opening"),
    path("delegations/<int:pk>/file/", delegations.delegation_file, name="delegation-file"),
]

asked_for = [
    path("", corrections.corrections, name="corrections"),
    path("<int:pk>/", corrections.correction_decide, name="correction-settle"),
    path("<int:pk>/proof/", corrections.correction_proof, name="correction-proof"),
]

urlpatterns = [
    path("<slug:school_slug>/review/", include(pages)),
    path("<slug:school_slug>/corrections/", include(asked_for)),
]

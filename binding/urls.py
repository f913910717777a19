from django.urls import include, path

from binding.views import (
    account,
    address,
    apply,
    confirm,
    consent,
    email_correction,
    evidence,
    launcher,
    paper,
    sign,
    tasks,
    unbind,
    withdrawal,
)

app_name = "binding"

family = [
    path("", tasks.tasks, name="tasks"),
    path("paper-form/", paper.paper_form, name="paper-form"),
    path("history/", tasks.history, name="history"),
    path("confirm/", confirm.confirm, name="confirm"),
    path("correction/", confirm.correction, name="correction"),
    path("consent/", consent.consent, name="consent"),
    path("apply/", apply.kind, name="apply"),
    path("apply/<int:position>/", apply.applicant, name="applicant"),
    path("apply/evidence/", evidence.evidence, name="evidence"),
    path("apply/evidence/<int:pk>/", evidence.evidence_file, name="evidence-file"),
    path("apply/evidence/<int:pk>/remove/", evidence.evidence_remove, name="evidence-remove"),
    path("apply/check/", apply.check, name="check"),
    path("sign/", sign.sign, name="sign"),
    path("sign/sent/", sign.sent, name="sent"),
    path("sign/address/<int:position>/", address.again, name="address-again"),
    path("sign/withdraw/", sign.withdraw, name="withdraw"),
]

urlpatterns = [
    path("sso/", launcher.sso_home, name="sso-home"),
    path("sso/account/", account.account, name="account"),
    path("sso/account/data/", account.data, name="own-data"),
    path("sso/account/leave/", account.leave, name="leave"),
    path("sso/children/<int:pk>/unbind/", unbind.unbind, name="unbind"),
    path("sso/withdrawals/<int:pk>/", withdrawal.withdrawal, name="withdrawal"),
    path("<slug:school_slug>/withdrawal/", withdrawal.by_link, name="withdrawal-link"),
    path("<slug:school_slug>/application/address/", address.by_link, name="applicant-address"),
    path("<slug:school_slug>/address/", email_correction.confirm, name="address-confirm"),
    path("<slug:school_slug>/binding/", include(family)),
    path("", include("binding.desk.urls")),
]

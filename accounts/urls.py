from django.urls import path

from accounts.oidc.views import services
from accounts.views import captcha, helpdesk, mailbox, password, portal, second_factor, session, sso, staff

app_name = "accounts"

urlpatterns = [
    path("", portal.home, name="home"),
    path("logout/", portal.log_out, name="logout"),
    path("captcha/<uuid:key>/image.png", captcha.captcha_image, name="captcha-image"),
    path("captcha/<uuid:key>/audio.wav", captcha.captcha_audio, name="captcha-audio"),
    path("city/login/", portal.city_login, name="city-login"),
    path("city/password/", password.change_password, name="city-password"),
    path("session/stay/", session.stay, name="stay"),
    path("session/unsent/", session.unsent_page, name="unsent"),
    path("second-factor/", second_factor.second_factor_page, name="second-factor"),
    path("second-factor/setup/", second_factor.setup, name="second-factor-setup"),
    path("second-factor/codes/", second_factor.recovery_codes, name="recovery-codes"),
    path("sso/login/", sso.sso_login, name="sso-login"),
    path("sso/code/", mailbox.code, name="sso-code"),
    path("sso/code/send/", mailbox.code_send, name="sso-code-send"),
    path("sso/forgotten/", mailbox.forgotten, name="sso-forgotten"),
    path("sso/set-password/", mailbox.set_password, name="sso-set-password"),
    path("sso/password/", password.change_password, name="sso-password"),
    path("sso/services/", services.services, name="services"),
    path("sso/services/<int:pk>/disconnect/", services.disconnect, name="service-disconnect"),
    path("<slug:school_slug>/", portal.school_front, name="school"),
    path("<slug:school_slug>/invitation/", staff.invitation, name="invitation"),
    path("<slug:school_slug>/staff-accounts/", staff.staff_list, name="staff-accounts"),
    path("<slug:school_slug>/staff-accounts/invite/", staff.staff_invite, name="staff-invite"),
    path("<slug:school_slug>/staff-accounts/file/", staff.staff_file, name="staff-file"),
    path("<slug:school_slug>/staff-accounts/file/template.xlsx", staff.staff_template, name="staff-template"),
    path("<slug:school_slug>/staff-accounts/file/<int:pk>/", staff.staff_import_page, name="staff-import"),
    path("<slug:school_slug>/staff-accounts/<int:pk>/", staff.staff_person, name="staff-person"),
    path("<slug:school_slug>/staff-accounts/<int:pk>/link/", staff.staff_link, name="staff-link"),
    path("<slug:school_slug>/staff-accounts/<int:pk>/switch/", staff.staff_switch, name="staff-switch"),
    path(
        "<slug:school_slug>/staff-accounts/<int:pk>/second-factor/",
        staff.staff_second_factor,
        name="staff-second-factor",
    ),
    path("<slug:school_slug>/helpdesk/", helpdesk.home, name="helpdesk"),
    path("<slug:school_slug>/helpdesk/families/<int:pk>/", helpdesk.family, name="helpdesk-family"),
    path(
        "<slug:school_slug>/helpdesk/families/<int:pk>/reset/", helpdesk.family_reset, name="helpdesk-reset"
    ),
    path(
        "<slug:school_slug>/helpdesk/families/<int:pk>/unlock/",
        helpdesk.family_unlock,
        name="helpdesk-unlock",
    ),
    path(
        "<slug:school_slug>/helpdesk/staff/<int:pk>/unlock/",
        helpdesk.staff_unlock,
        name="helpdesk-staff-unlock",
    ),
    path("<slug:school_slug>/helpdesk/mails/<int:pk>/resend/", helpdesk.mail_resend, name="helpdesk-resend"),
    path("<slug:school_slug>/login/", portal.family_login, name="login"),
    path("<slug:school_slug>/login/staff/", portal.staff_login, name="staff-login"),
    path("<slug:school_slug>/password/", password.change_password, name="password"),
    path("<slug:school_slug>/staff/", portal.staff_home, name="staff-home"),
]

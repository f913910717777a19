from django.urls import path

from accounts.views import captcha, devices, email_change, mailbox, password, portal, second_factor, session, sso

app_name = "accounts"

urlpatterns = [
    path("", portal.home, name="home"),
    path("logout/", portal.log_out, name="logout"),
    path("captcha/<uuid:key>/image.png", captcha.captcha_image, name="captcha-image"),
    path("captcha/<uuid:key>/audio.wav", captcha.captcha_audio, name="captcha-audio"),
    path("city/login/", portal.city_login, name="city-login"),
    path("city/password/", password.change_password, name="city-password"),
    path("sso/account/address/", email_change.change_email, name="email-change"),
    path("sso/account/address/confirm/", email_change.confirm, name="email-change-confirm"),
    path("sso/account/address/undo/", email_change.undo, name="email-change-undo"),
    path("sso/account/second-factor/", second_factor.own_second_factor, name="own-second-factor"),
    path("sso/account/back/", sso.come_back, name="come-back"),
    path("session/devices/", devices.devices, name="devices"),
    path("session/devices/end/", devices.devices_end, name="devices-end"),
    path("session/devices/forget/", devices.devices_forget, name="devices-forget"),
    path("session/stay/", session.stay, name="stay"),
    path("session/unsent/", session.saved_post_page, name="saved-post"),
    path("second-factor/", second_factor.second_factor_page, name="second-factor"),
    path("second-factor/setup/", second_factor.setup, name="second-factor-setup"),
    path("second-factor/codes/", second_factor.recovery_codes, name="recovery-codes"),
    path("sso/login/", sso.sso_login, name="sso-login"),
    path("sso/code/", mailbox.code, name="sso-code"),
    path("sso/code/send/", mailbox.code_send, name="sso-code-send"),
    path("sso/forgotten/", mailbox.forgotten, name="sso-forgotten"),
    path("sso/set-password/", mailbox.set_password, name="sso-set-password"),
    path("sso/password/", password.change_password, name="sso-password"),
    path("<slug:school_slug>/", portal.school_front, name="school"),
    path("<slug:school_slug>/login/", portal.family_login, name="login"),
    path("<slug:school_slug>/login/staff/", portal.staff_login, name="staff-login"),
    path("<slug:school_slug>/forgotten/", mailbox.family_forgotten, name="forgotten"),
    path("<slug:school_slug>/set-password/", mailbox.set_family_password, name="set-password"),
    path("<slug:school_slug>/password/", password.change_password, name="password"),
    path("<slug:school_slug>/staff/", portal.staff_home, name="staff-home"),
]

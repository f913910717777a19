from django.urls import path

from accounts.views import captcha, password, portal, second_factor, sso

app_name = "accounts"

urlpatterns = [
    path("", portal.home, name="home"),
    path("logout/", portal.log_out, name="logout"),
    path("captcha/<uuid:key>/image.png", captcha.captcha_image, name="captcha-image"),
    path("captcha/<uuid:key>/audio.wav", captcha.captcha_audio, name="captcha-audio"),
    path("city/login/", portal.city_login, name="city-login"),
    path("city/password/", password.change_password, name="city-password"),
    path("second-factor/", second_factor.second_factor_page, name="second-factor"),
    path("second-factor/setup/", second_factor.setup, name="second-factor-setup"),
    path("second-factor/codes/", second_factor.recovery_codes, name="recovery-codes"),
    path("sso/login/", sso.sso_login, name="sso-login"),
    path("sso/password/", password.change_password, name="sso-password"),
    path("<slug:school_slug>/", portal.school_front, name="school"),
    path("<slug:school_slug>/login/", portal.family_login, name="login"),
    path("<slug:school_slug>/login/staff/", portal.staff_login, name="staff-login"),
    path("<slug:school_slug>/password/", password.change_password, name="password"),
    path("<slug:school_slug>/staff/", portal.staff_home, name="staff-home"),
]

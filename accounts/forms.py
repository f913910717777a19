"""Forms of log-in, passwords, codes and the own account."""

import unicodedata

from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import captchas, strength
from accounts.validators import minimum_length
from core import emails
from core.asking import AsksAboutEmails
from core.fields import EmailAddressField
from core.text import without_invisible


def tidy(text):
    """Full-width letters become plain ones, spaces and what nobody sees go: people copy accounts from paper and mails."""
    return "".join(unicodedata.normalize("NFKC", without_invisible(text)).split())


class LoginForm(forms.Form):
    """An account and a password, and a captcha where one is asked for; what fits is decided by an action."""

    account = forms.CharField(
        label=gettext_lazy("帳號"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=gettext_lazy("密碼"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    captcha = forms.CharField(
        label=gettext_lazy("驗證碼"),
        max_length=20,
        help_text=gettext_lazy("輸入圖中的五個數字；看不清楚可以聽語音，或換一張。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric", "class": "w-short"}),
    )
    captcha_key = forms.UUIDField(widget=forms.HiddenInput, error_messages={"invalid": "", "required": ""})

    def __init__(self, *args, with_captcha=False, **kwargs):
        super().__init__(*args, **kwargs)
        if not with_captcha:
            del self.fields["captcha"], self.fields["captcha_key"]

    def clean_account(self):
        return tidy(self.cleaned_data["account"])

    @property
    def has_captcha(self):
        return "captcha" in self.fields

    def captcha_fits(self, request):
        """Whether a person answered; else the form says so, and that the password was not looked at."""
        if captchas.answer(request, self.cleaned_data["captcha_key"], self.cleaned_data["captcha"]):
            return True
        self.add_error("captcha", _("驗證碼不正確，請再輸入一次。這不算密碼輸入錯誤；為了安全，密碼也請重新輸入。"))
        return False


class FamilyLoginForm(LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["account"].label = _("家長帳號")
        self.fields["account"].help_text = _("P 加上學生學號，例如學號 10730001，帳號就是 P10730001。")
        self.fields["password"].help_text = _("第一次登入請輸入學生的身分證統一編號，第一個英文字母大寫。")


class StaffLoginForm(LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["account"].label = _("教職員帳號")


class SSOLoginForm(LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["account"].label = _("電子郵件")
        self.fields["account"].help_text = _("您登入用的電子郵件；沒有更改過的話，就是申請親子綁定時填寫的那一個。")
        self.fields["account"].widget.attrs |= {"inputmode": "email", "autocomplete": "username"}
        self.fields["password"].help_text = _(
            "第一次登入請輸入您本人的身分證統一編號末六碼，登入後會請您改成自己的密碼。"
        )

    def clean_account(self):
        return emails.normalize(self.cleaned_data["account"])


class NewPasswordForm(forms.Form):
    """新密碼, 確認密碼."""

    new_password = forms.CharField(
        label=gettext_lazy("新密碼"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    confirmation = forms.CharField(
        label=gettext_lazy("確認密碼"),
        help_text=gettext_lazy("請再輸入一次新密碼。"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        least = minimum_length(user)
        self.fields["new_password"].help_text = _(
            "至少 %(minimum)d 個字；以中文為主的話，%(han)d 個字就夠。可以是一句話，空白也可以。"
            "不要用證號、學號、姓名或生日。"
        ) % {"minimum": least.any_script, "han": least.han}

    def clean_new_password(self):
        password = self.cleaned_data["new_password"]
        password_validation.validate_password(password, self.user)
        return password

    @property
    def strength(self):
        """How strong what was typed is, in words, where the form comes back for another reason."""
        typed = self.cleaned_data.get("new_password", "") if hasattr(self, "cleaned_data") else ""
        return strength.words_for(typed, self.user) if typed else ""

    @property
    def strength_measure(self):
        """What static/js/enhance.js needs to say the same while one types."""
        return {
            "least": minimum_length(self.user).any_script,
            "least_han": minimum_length(self.user).han,
            "enough": strength.ENOUGH,
            "good": strength.GOOD,
            "words": [str(word) for word in strength.WORDS],
        }

    def clean(self):
        data = super().clean() or self.cleaned_data
        new = data.get("new_password")
        if new and data.get("confirmation") and new != data["confirmation"]:
            self.add_error("confirmation", _("兩次輸入的新密碼不一樣，請再輸入一次。"))
        return data


class PasswordChangeForm(NewPasswordForm):
    """原密碼 comes before. Whether it fits is decided by an action, which counts the attempts.

    `asks_old`: False right after a log-in with it, when it may be left empty; what is typed has to fit all the same.
    """

    old_password = forms.CharField(
        label=gettext_lazy("原密碼"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ["old_password", "new_password", "confirmation"]
    hide_optional = True  # the label is the notice's; the hint says more than （選填）

    def __init__(self, *args, asks_old=True, **kwargs):
        super().__init__(*args, **kwargs)
        if not asks_old:
            self.fields["old_password"].required = False
            self.fields["old_password"].help_text = _("剛登入（%(minutes)d 分鐘內），可以留空白。") % {
                "minutes": settings.FIRST_PASSWORD_MINUTES
            }

    def clean(self):
        data = super().clean()
        if data.get("new_password") and data["new_password"] == data.get("old_password"):
            self.add_error("new_password", _("新密碼不能和原密碼相同。"))
        return data


class OwnPasswordForm(forms.Form):
    """The own password once more, before something that matters."""

    password = forms.CharField(
        label=gettext_lazy("您的密碼"),
        help_text=gettext_lazy("為了確認是您本人，請再輸入一次登入的密碼。"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class EmailChangeForm(AsksAboutEmails, OwnPasswordForm):
    new_email = EmailAddressField(
        label=gettext_lazy("新的電子郵件"),
        help_text=gettext_lazy("我們會寄一封信到這裡，打開信裡的連結才會更改。"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    field_order = ["new_email", "password"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_new_email(self):
        email = self.cleaned_data["new_email"]
        if email == self.user.username:
            raise forms.ValidationError(_("這就是目前的電子郵件。"))
        return email


class TokenForm(forms.Form):
    token = forms.CharField(
        label=gettext_lazy("驗證碼"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "w-short"}),
    )

    def clean_token(self):
        return tidy(self.cleaned_data["token"]).replace("-", "").lower()


class SecondFactorForm(TokenForm):
    remembers = forms.BooleanField(
        label=gettext_lazy("在這臺裝置記住我，之後一段時間不再詢問驗證碼"),
        help_text=gettext_lazy("只在您自己專用的電腦勾選；公用電腦請不要勾選。"),
        required=False,
    )


class CodeForm(forms.Form):
    """Six digits from the mail."""

    code = forms.CharField(
        label=gettext_lazy("信裡的驗證碼"),
        max_length=20,
        help_text=format_lazy(gettext_lazy("六個數字，{minutes} 分鐘內有效。"), minutes=settings.MAILED_CODE_MINUTES),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "w-short"}),
    )

    def clean_code(self):
        code = tidy(self.cleaned_data["code"]).replace("-", "")
        if not (code.isascii() and code.isdigit() and len(code) == 6):
            raise forms.ValidationError(_("驗證碼是六個數字，請看信裡的號碼。"))
        return code


class ForgottenForm(forms.Form):
    account = EmailAddressField(
        label=gettext_lazy("電子郵件"),
        help_text=gettext_lazy("申請親子綁定時填寫的電子郵件。"),
        widget=forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false"}),
    )


class FamilyForgottenForm(forms.Form):
    account = forms.CharField(
        label=gettext_lazy("家長帳號"),
        max_length=60,
        help_text=gettext_lazy("P 加上學生學號，例如學號 10730001，帳號就是 P10730001。"),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def clean_account(self):
        account = tidy(self.cleaned_data["account"]).upper()
        if not account.startswith("P") or len(account) < 2:
            raise forms.ValidationError(_("家長帳號是 P 加上學生學號。"))
        return account


class LinkPasswordForm(NewPasswordForm):
    """A password of one's own, behind a mailed link."""

    token = forms.CharField(widget=forms.HiddenInput, max_length=100)

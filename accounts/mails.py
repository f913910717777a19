"""Mails about the own account. Who asks for one is written to in the language of the page, where no other is known."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import get_language

from accounts.languages import language_of, reader_of
from accounts.models import AccountClosure, EmailChange, User
from notifications.mails import Draft, Reader, mail


@mail(sensitive=True)
def sign_in_code(user: User, *, code: str, until: datetime) -> Draft:
    """「登入驗證碼」 to a parent at the first log-in: the digits that prove the mailbox, worth nothing after `until`."""
    to = reader_of(user, on_page=get_language())
    return Draft(to=to, about=user, not_after=until, context={"code": code})


@mail(sensitive=True)
def password_reset(user: User, *, link: str, until: datetime, on_page: str | None) -> Draft:
    """「設定新密碼」 to a parent who forgot the password on a page in the language `on_page`; the link sets a new one."""
    to = reader_of(user, on_page=on_page)
    return Draft(to=to, about=user, not_after=until, context={"link": link})


@mail(sensitive=True)
def portal_password_link(family: User, *, to: Reader, link: str, until: datetime) -> Draft:
    """「設定家長帳號的新密碼」 to each bound parent: somebody forgot it, and the link sets a new one."""
    return Draft(to=to, about=family, student=family.student, not_after=until, context={"link": link})


@mail()
def password_changed(user: User) -> Draft:
    """「密碼已經修改」 to the owner, who may not have been the one."""
    to = reader_of(user, on_page=get_language())
    return Draft(to=to, about=user, school=user.school, context={"at": timezone.now()})


@mail()
def second_factor_changed(user: User, *, is_on: bool, by: User) -> Draft:
    """「第二道驗證」 set or taken away: to the owner, since a thief would do either."""
    to = reader_of(user, on_page=get_language() if by == user else None)
    return Draft(to=to, about=user, school=user.school, context={"at": timezone.now(), "is_on": is_on})


@mail(sensitive=True)
def account_left(closure: AccountClosure, *, link: str) -> Draft:
    """「帳號已停用」 to a parent who left; the link brings the account back until `closure.expires_at`."""
    to, until = reader_of(closure.user, on_page=get_language()), closure.expires_at
    return Draft(to=to, about=closure.user, not_after=until, context={"link": link, "back_until": until})


@mail(sensitive=True)
def own_address_verify(change: EmailChange, *, link: str) -> Draft:
    """「請確認新的電子郵件」 to the new address, whose reader may be a stranger: it names nobody. The link confirms it."""
    to, until = Reader(change.new_email, language_of(change.user, on_page=get_language())), change.expires_at
    return Draft(to=to, about=change, not_after=until, context={"link": link, "expires_at": until})


@mail()
def own_address_taken(change: EmailChange, *, owner: User) -> Draft:
    """「這個信箱已經是一個帳號」 to the `owner` of the address that somebody else wanted."""
    return Draft(to=Reader(change.new_email, language_of(owner)), about=change)


@mail(sensitive=True)
def own_address_changed(change: EmailChange, *, link: str) -> Draft:
    """「電子郵件已更改」 to the former address; the link takes the change back until `change.undo_until`."""
    to, until = Reader(change.former_email, language_of(change.user, on_page=get_language())), change.undo_until
    return Draft(to=to, about=change, not_after=until, context={"link": link, "undo_until": until})

"""What the school already calls by another name: 110班 is its class 110, t303@school.tw the account t303."""

from django.utils.translation import gettext as _

from core import emails
from core.languages import joined
from core.spreadsheets import RowError
from registry import class_names, homeroom
from registry.models import SchoolClass
from registry.roster.columns import title_of
from registry.roster.questions import Question, split_teachers


class Recogniser:
    """Puts the school's own words into rows, in place; says so once a word, and asks where it is not certain."""

    def __init__(self, roster_import, findings):
        self.school, self.findings = roster_import.school, findings
        classes = SchoolClass.objects.filter(school=self.school, school_year=roster_import.school_year)
        self.classes = set(classes.values_list("name", flat=True))
        self.read_classes = [one for name in self.classes if (one := class_names.read(name))]
        self.known_classes: dict[str, str] = {}
        self.known_teachers: dict[str, str] = {}
        self._staff: list | None = None

    def recognise(self, row):
        if row.class_name not in self.classes:
            if row.class_name not in self.known_classes:
                self.known_classes[row.class_name] = self._class_of(row)
            row.class_name = self.known_classes[row.class_name]
        if "@" in row.homeroom_account:
            accounts = [self._account_of(row, part) for part in split_teachers(row.homeroom_account)]
            row.homeroom_account = homeroom.BETWEEN.join(dict.fromkeys(accounts))

    def _class_of(self, row):
        written = class_names.read(row.class_name)
        if written is None:
            return row.class_name
        same = [one.name for one in self.read_classes if one.key == written.key]
        if len(same) == 1:
            reason = _("讀成本校的 %(name)s 班。") % {"name": same[0]}
            self.findings.notices.append(self._place(row, "class_name", reason, row.class_name))
            return same[0]
        similar = same or [one.name for one in self.read_classes if one.may_be(written)]
        if similar:
            reason = _("可能就是本校的 %(names)s 班；若是，請改成同樣的名稱再上傳。")
            words = reason % {"names": joined(class_names.in_order(similar))}
            self.findings.ask(Question.CLASS_LIKE, self._place(row, "class_name", words, row.class_name))
        return row.class_name

    def _account_of(self, row, part):
        """The account of the member of staff with this e-mail address; else what stands before the @, and a question."""
        if "@" not in part:
            return part
        if part not in self.known_teachers:
            accounts = {account for account, email in self.staff if email and emails.normalize(email) == part}
            if len(accounts) == 1:
                [self.known_teachers[part]] = accounts
            else:
                account = part.partition("@")[0][:40]
                self.known_teachers[part] = account
                reason = _("填的是電子郵件，會登記為導師帳號 %(account)s。") % {"account": account}
                self.findings.ask(Question.TEACHER_EMAIL, self._place(row, "homeroom_account", reason, part))
        return self.known_teachers[part]

    @property
    def staff(self):
        if self._staff is None:
            self._staff = list(homeroom.staff_of(self.school).values_list("account", "email"))
        return self._staff

    def _place(self, row, column, reason, value):
        return RowError(row.line, title_of(column), reason, value, row.name)

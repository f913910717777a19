"""A demo school to try: the roster goes through the real import, staff get log-ins that are printed."""

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import StaffRole, User
from billing.bills.drafting import draft_for_classes
from billing.bills.issuing import begin_issuing, issue_all
from billing.bills.models import BillBatch, CollectingAgent, Semester
from billing.bills.releasing import release_batch
from registry.models import HomeroomDuty, School, SchoolClass, Student
from registry.roles import Role
from registry.roster import import_roster

PASSWORD = "demo staff password"  # noqa: S105 – printed on purpose, refused in production
DEMO = Path(__file__).resolve().parents[3] / "registry" / "demo"

SCHOOLS = [
    {
        "slug": "erdai",
        "code": "353399",
        "name": "臺北市立二代高級中學",
        "short_name": "二代高中",
        "english_name": "Taipei Municipal Erdai Senior High School",
        "district": "中正區",
        "helpdesk_phone": "23216256 分機 255、256",
        "registrar_phone": "23216256 分機 222",
        "cashier_phone": "23216256 分機 235",
        "roster": "roster.csv",
        "staff": {
            "t301": [Role.HOMEROOM_TEACHER],
            "t302": [Role.HOMEROOM_TEACHER],
            "t303": [Role.HOMEROOM_TEACHER],
            "registrar": [Role.REGISTRAR],
            "cashier": [Role.CASHIER],
            "helpdesk": [Role.HELPDESK],
            "principal": [Role.PRINCIPAL],
            "schooladmin": [Role.SCHOOL_ADMIN],
        },
    },
    {
        "slug": "heping",
        "code": "353398",
        "name": "臺北市立和風國民中學",
        "short_name": "和風國中",
        "district": "大安區",
        "helpdesk_phone": "23216300 分機 120",
        "registrar_phone": "23216300 分機 112",
        "cashier_phone": "23216300 分機 135",
        "roster": "roster_second.csv",
        "staff": {"t101": [Role.HOMEROOM_TEACHER], "registrar": [Role.REGISTRAR]},
    },
]


class Command(BaseCommand):
    help = "Load the demo schools, if they are not there yet, and print a log-in of each role."

    def handle(self, **options):
        if settings.PRODUCTION:
            raise CommandError("The demo has public passwords; it is not for production.")
        for facts in SCHOOLS:
            facts = dict(facts)
            roster, staff = facts.pop("roster"), facts.pop("staff")
            school = School.objects.filter(slug=facts["slug"]).first() or self.load(facts, roster)
            self.add_staff(school, staff)
            if "cashier" in staff and not BillBatch.objects.filter(school=school).exists():
                self.add_bills(school)
        if not User.objects.filter(username="city/admin").exists():
            User.objects.create_superuser("admin", password=PASSWORD)
        self.print_log_ins()

    def load(self, facts, roster):
        deadline = timezone.localdate() + timedelta(days=14)
        school = School.objects.create(binding_deadline=deadline, **facts)
        result = import_roster(school=school, data=(DEMO / roster).read_bytes(), name=roster)
        if result.errors:
            raise CommandError("\n".join(str(error) for error in result.errors))
        return school

    def add_staff(self, school, staff):
        known = set(User.objects.filter(school=school).values_list("account", flat=True))
        for account, roles in staff.items():
            if account in known:
                continue
            user = User.objects.create_staff(
                account=account, name=self.name_of(school, account), school=school, password=PASSWORD
            )
            StaffRole.objects.bulk_create(StaffRole(user=user, role=role) for role in roles)

    def add_bills(self, school):
        """The semester's fees of every student, to be paid at a store, a bank, or in the sandbox."""
        CollectingAgent.objects.create(
            school=school,
            collection_code="627",
            bank_rule="bot",
            bank_name="臺灣銀行公館分行",
            bank_collection_number="700602",
        )
        cashier = User.objects.get(school=school, account="cashier")
        batch = draft_for_classes(
            school=school,
            classes=SchoolClass.objects.current().filter(school=school),
            items=[("學費", 6240), ("雜費", 1740), ("代收代辦費", 1850), ("補助", -500)],
            by=cashier,
            title="學雜費",
            school_year=school.school_year,
            semester=Semester.FIRST if timezone.localdate().month in (1, *range(8, 13)) else Semester.SECOND,
            due_on=timezone.localdate() + timedelta(days=20),
        )
        begin_issuing(batch=batch, by=cashier)
        issue_all(batch)
        BillBatch.objects.filter(pk=batch.pk).update(wait_until=timezone.now())  # a demo has no time to wait
        release_batch(batch)

    def name_of(self, school, account):
        duty = HomeroomDuty.objects.filter(school_class__school=school, account=account).first()
        return duty.name if duty and duty.name else account

    def print_log_ins(self):
        students = Student.objects.filter(school__slug="erdai").select_related("school")
        student = students.filter(student_number="10630008").first() or students[0]
        site = settings.SITE_URL
        self.stdout.write(
            f"""
  {student.school.name}    {site}/erdai/
    家長      {site}/erdai/login/         {student.portal_account}  /  {student.identity_number}（第一次登入會請您改密碼）
    導師      {site}/erdai/login/staff/   t301  /  {PASSWORD}
    註冊組    {site}/erdai/login/staff/   registrar  /  {PASSWORD}
    出納組    {site}/erdai/login/staff/   cashier  /  {PASSWORD}
    網路中心  {site}/erdai/login/staff/   helpdesk  /  {PASSWORD}
    校長      {site}/erdai/login/staff/   principal  /  {PASSWORD}
    學校管理  {site}/erdai/login/staff/   schooladmin  /  {PASSWORD}
    市府管理  {site}/city/login/          admin  /  {PASSWORD}
    單一身分驗證（通過審核後）  {site}/sso/login/
    寄出的信  {site}/mail/
"""
        )

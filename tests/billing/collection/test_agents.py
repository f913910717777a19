"""代收設定: an example before it is saved, and what was printed stays readable."""

import html
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from billing.bills.models import CollectingAgent
from billing.bills.models.agent import Retired
from billing.collection import agents
from tests.accounts.factories import city_admin, log_in
from tests.billing.collection.typed import TYPED
from tests.billing.money import agent_of, cashier_of
from tests.billing.paper.printed import coded_bill
from tests.billing.paper.scanner import picture_of, scan
from tests.registry.factories import SchoolFactory, StudentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def school():
    return SchoolFactory()


@pytest.fixture
def cashier(school):
    return cashier_of(school)


@pytest.fixture
def client(cashier):
    return log_in(Client(), cashier)


@pytest.fixture
def address(school):
    return reverse("billing:cashier-settings", args=[school.slug])


@pytest.fixture
def send(client, address):
    """Presses save with the whole form of the page that is shown now, or of the one given."""

    def press(button="save", page=None, **typed):
        page = page or client.get(address).content.decode()
        version = re.search(r'name="version" value="([^"]+)"', page)[1]
        data = {**TYPED, "version": version, button: "1", **typed}
        return client.post(address, data, follow=True).content.decode()

    return press


def write(school, cashier, *, version=None, **values):
    if version is None:
        version = agents.version_of(agents.current_agent(school))
    values = {**TYPED, "store_limit": 20_000, "store_fee": 0, **values}
    return agents.write_settings(school=school, values=values, version=version, by=cashier)


class TestPage:
    @pytest.mark.parametrize(
        ("theirs", "mine", "words"),
        [
            ({}, {"bank_name": "臺灣銀行"}, "這個收款編號是另一所學校的"),
            ({"bank_rule": ""}, {"bank_rule": ""}, "也用這個代收代號和前碼"),
        ],
    )
    def test_numbers_of_another_school_are_refused(self, send, theirs, mine, words):
        """Its families would pay into the other school's account."""
        other = agent_of(SchoolFactory(), **theirs)
        assert words in send(**mine)

        CollectingAgent.objects.update(retired_at=timezone.now())
        assert words in send(**mine), "bills of before are still paid"
        assert CollectingAgent.objects.get() == other

    def test_schools_share_a_contract_with_other_numbers(self, send):
        agent_of(SchoolFactory(), bank_rule="", write_off_prefix="A")

        send(bank_rule="", write_off_prefix="B")

        assert CollectingAgent.objects.count() == 2

    def test_schools_of_two_banks_may_have_one_number(self, send):
        agent_of(SchoolFactory(), bank_rule="ctbc-amount", bank_collection_number="99123")

        assert "這個收款編號是另一所學校的" in send(bank_rule="ctbc-day", bank_collection_number="99123")
        send(bank_rule="esun-14-1", bank_collection_number="99123")

        assert CollectingAgent.objects.count() == 2

    def test_two_schools_with_one_number_at_once(self, send, monkeypatch):
        monkeypatch.setattr(CollectingAgent, "field_of_another_school", None)
        agent_of(SchoolFactory())

        assert "還沒有儲存您的" in send()

    def test_first_settings_are_saved_and_shown(self, send, client, address, school):
        assert "還沒有代收設定" in client.get(address).content.decode()

        page = send()

        assert "已儲存" in page
        agent = CollectingAgent.objects.get()
        assert (agent.school, agent.collection_code, agent.next_number) == (school, "627", 1)
        assert "範例" in page
        assert "還沒有代收設定" not in page

    def test_the_example_is_what_would_be_printed(self, send, school):
        agent_of(school, next_number=46_271)

        page = send("preview", collection_code="6AB", bank_collection_number="700603")

        assert "還沒有儲存" in page
        drawn = re.findall(r'<svg viewBox="([^"]+)"[^>]*><path d="([^"]+)" fill="#000"', page)
        read = [scan(picture_of(path, view_box))[0] for view_box, path in drawn]
        assert read[0].endswith("6AB")
        assert read[1].startswith("700603000046271")
        assert read[2].endswith("000014520")
        assert CollectingAgent.objects.get().collection_code == "627", "a look saves nothing"

    def test_without_store_and_bank_the_example_says_so(self, send, school):
        page = send("preview", collection_code="", bank_rule="")

        assert "沒有超商代收代號，不印三段條碼" in page
        assert "沒有銀行虛擬帳號，不印銀行聯" in page

    def test_the_stores_limit_shows_in_the_example(self, send):
        assert "超過超商單筆上限" in send("preview", store_limit="14519")

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ({"collection_code": "62"}, "三個英文大寫字母或數字"),
            ({"collection_code": "6+7"}, "三個英文大寫字母或數字"),
            ({"write_off_prefix": "A-1"}, "前碼只能有"),
            ({"write_off_prefix": "ABCDEFGHI"}, "銷帳編號前碼 –"),
            ({"store_limit": "0"}, "超商單筆上限（元） –"),
            ({"store_limit": ""}, "請填寫超商單筆上限（元）。"),
            ({"bank_collection_number": "7006020"}, "銀行收款編號 –"),
            ({"bank_collection_number": "70060"}, "臺灣銀行的收款編號是 6 個數字"),
            ({"bank_collection_number": "70060X"}, "收款編號是四到六個數字"),
            ({"bank_rule": "tsib"}, "台新國際商業銀行的收款編號是 4 或 5 個數字"),
            ({"bank_rule": "esun-13-1"}, "玉山商業銀行的收款編號是 5 個數字"),
            ({"bank_collection_number": ""}, "選了銀行虛擬帳號，這一欄也要填"),
            ({"bank_name": "A123456789"}, "請不要在這裡寫身分證統一編號"),
            ({"bank_rule": "x"}, "銀行虛擬帳號 –"),
        ],
    )
    def test_what_is_wrong_is_said_beside_the_field_and_kept(self, send, typed, words):
        page = html.unescape(send(**typed))

        assert words in page
        assert "<title>錯誤：" in page
        assert re.search(r"請修正 \d 個地方", page)
        assert 'value="700602"' in page or "bank_collection_number" in typed
        assert not CollectingAgent.objects.exists()
        assert "範例（還沒有儲存）" not in page

    def test_full_width_and_small_letters_are_understood(self, send):
        send(collection_code=" ６ａb ", bank_collection_number="７００ 602")

        agent = CollectingAgent.objects.get()
        assert (agent.collection_code, agent.bank_collection_number) == ("6AB", "700602")

    def test_the_bank_tells_its_code_and_its_name(self, send):
        send(bank_rule="ctbc-amount", bank_collection_number="98102", bank_name="")

        agent = CollectingAgent.objects.get()
        assert (agent.bank_code, agent.bank_name) == ("822", "中國信託商業銀行")

    @pytest.mark.parametrize(
        ("typed", "shown"),
        [
            (
                {"bank_rule": "ctbc-day", "bank_collection_number": "98102", "example_amount": "50943",
                 "example_due_on": "1999/1/1", "example_serial": "303"},
                ["98102900103031", "9001", "0303", "同一個繳費期限最多給 9,999 張"],
            ),
            (
                {"bank_rule": "tsib", "bank_collection_number": "95678", "example_amount": "9330",
                 "example_due_on": "115/9/30", "example_serial": "2089"},
                ["95678527320896", "5273"],
            ),
            (
                {"bank_rule": "esun-13-2-amount", "bank_collection_number": "99551", "example_amount": "1500",
                 "example_serial": "1"},
                ["9955100000144", "總共能給 999,999 張"],
            ),
            ({"bank_rule": "ctbc-day", "bank_collection_number": "98102", "example_serial": "10000"}, ["排不進"]),
            ({"example_due_on": "下週一"}, ["日期格式無法辨識，請寫成 97/05/03 或 2008-05-03。", "7006020000000014"]),
        ],
    )  # fmt: skip
    def test_the_contracts_own_example_can_be_typed_and_compared(self, send, typed, shown):
        page = re.sub(r"(?<=\d)(?:<[^>]+>| |\u2009|\u00a0)+(?=\d)", "", html.unescape(send("preview", **typed)))

        for one in shown:
            assert one in page
        assert not CollectingAgent.objects.exists()

    def test_somebody_elses_change_is_told_and_nothing_is_lost(self, send, client, address, school, cashier):
        page = client.get(address).content.decode()
        write(school, cashier, collection_code="111")

        told = send(page=page, collection_code="222")

        assert "設定剛剛被別人改過" in told
        assert 'value="222"' in told
        assert CollectingAgent.objects.get().collection_code == "111"
        send(page=told, collection_code="222")
        assert CollectingAgent.objects.get().collection_code == "222"

    def test_former_settings_stay_to_be_seen(self, send, client, address, school):
        coded_bill(StudentFactory(school=school))

        send(collection_code="999")

        page = client.get(address).content.decode()
        assert "以前的設定" in page
        assert "627" in page.partition("以前的設定")[2]

    @pytest.mark.parametrize("former", [0, 12])
    def test_costs_the_same_queries(self, client, address, school, former, django_assert_max_num_queries):
        agent_of(school)
        for n in range(former):
            CollectingAgent.objects.create(school=school, retired_at=f"2026-01-{n + 1:02}T00:00Z")

        with django_assert_max_num_queries(7):
            assert client.get(address).status_code == 200

    def test_the_city_sees_it_and_changes_nothing(self, school):
        agent = agent_of(school)
        admin = log_in(Client(), city_admin())

        assert admin.get(reverse("admin:billing_collectingagent_changelist")).status_code == 200
        page = admin.get(reverse("admin:billing_collectingagent_change", args=[agent.pk])).content.decode()
        assert "_save" not in page
        assert "700602" in page


class TestVersions:
    def test_settings_without_bills_are_changed_in_their_row(self, school, cashier):
        first = write(school, cashier)
        second = write(school, cashier, collection_code="111")

        assert first == second == CollectingAgent.objects.get()

    def test_with_bills_a_new_row_goes_on_with_the_numbers(self, school, cashier):
        old = agent_of(school)
        old.take_numbers(41)
        bill = coded_bill(StudentFactory(school=school), agent=old)

        new = write(school, cashier, collection_code="111")

        old.refresh_from_db()
        bill.refresh_from_db()
        assert (new.next_number, new.collection_code, new.retired_at) == (42, "111", None)
        assert (old.collection_code, bill.agent) == ("627", old)
        assert old.retired_at
        assert agents.current_agent(school) == new

    def test_the_same_again_is_no_change(self, school, cashier):
        seen = agents.version_of(None)

        rows = {write(school, cashier, version=seen).pk for _double_click in range(3)}

        assert len(rows) == 1
        assert Event.objects.filter(event="collecting_agent.changed").count() == 1

    def test_an_event_has_old_and_new(self, school, cashier):
        old = agent_of(school)
        coded_bill(StudentFactory(school=school), agent=old)

        new = write(school, cashier, collection_code="111")

        event = Event.objects.get(event="collecting_agent.changed")
        assert (event.data["old"]["collection_code"], event.data["new"]["collection_code"]) == ("627", "111")
        assert event.data["replaces"] == old.pk
        assert (event.target_id, event.actor_id) == (str(new.pk), cashier.pk)

    def test_a_retired_row_hands_out_no_numbers(self, school, cashier):
        old = agent_of(school)
        coded_bill(StudentFactory(school=school), agent=old)
        new = write(school, cashier, collection_code="111")

        with pytest.raises(Retired):
            old.take_numbers(1)
        assert new.take_numbers(1) == 1

    def test_numbers_are_taken_of_the_row_as_it_is(self, school, cashier):
        loaded = agent_of(school)
        write(school, cashier, bank_collection_number="700603")

        loaded.take_numbers(1)

        assert loaded.bank_collection_number == "700603"

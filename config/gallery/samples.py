"""What the gallery shows: the source of each sample is the documentation, and is drawn as it stands.

A sample's words are texts of our pages (`_("…")`), so that they change with the language; a test looks for each in the
catalogue. What a sample is given (`page`, `batch`, `moments`, the forms) is made by config/gallery/views.py.
"""

from typing import NamedTuple


class Sample(NamedTuple):
    component: str  # a file of templates/components, or the name of a pattern that is made by classes alone
    source: str


COMPONENTS = (
    Sample("mark", """{% for kind in ("waiting", "done", "returned", "refused", "todo", "paid", "answered", "info", "success", "warning", "error") %}
  <span class="pill">{{ ui.mark(kind) }}{{ kind }}</span>
{% endfor %}"""),
    Sample("pill", """{{ ui.pill("todo", _("未確認")) }}
{{ ui.pill("waiting", _("待審核")) }}
{{ ui.pill("done", _("已通過")) }}
{{ ui.pill("returned", _("退回修正")) }}
{{ ui.pill("refused", _("未通過")) }}
{{ ui.pill("attention", _("已逾期")) }}
{{ ui.pill("answered", _("無意參加")) }}
{{ ui.pill("paid", _("已繳清")) }}"""),
    Sample("seal", """{{ ui.seal(state="approved", word=_("核可")) }}
{{ ui.seal(state="returned", word=_("退回")) }}
{{ ui.seal(state="waiting", word="") }}
{{ ui.seal(state="approved", word=_("核可"), size="small") }}
{{ ui.seal(state="approved", word=_("核可"), size="large", pressed=true) }}"""),
    Sample("alert", """{{ ui.alert("info", title=_("已送出，等待導師審核"), body=_("沒有收到時，請看垃圾信件匣，並確認是申請時填寫的信箱。信箱已經不能用了，請帶身分證件到孩子的學校註冊組更正。")) }}
{{ ui.alert("success", body=_("親子綁定已完成")) }}
{{ ui.alert("warning", title=_("有些字印不出來"), body=_("這個信箱不存在，或一直收不到信；系統不再寄信過去。請本人帶證件到註冊組，或請註冊組打電話核對，更正電子郵件。")) }}
{{ ui.alert("error", title=_("帳號或密碼不正確，請再試一次")) }}"""),
    Sample("amount", """{{ ui.amount(_("應繳金額"), 9330) }}"""),
    Sample("done_of", """<p>{{ ui.done_of(24, 30, _("已填答")) }}</p>"""),
    Sample("copy_button", """<p>{{ ui.copy_button("9000000000000002") }}</p>"""),
    Sample("step_kicker", """{{ ui.step_kicker(2, part=3) }}"""),
    Sample("help_links", """{% with school=sample_school %}{% include "components/help_links.html" %}{% endwith %}"""),
    Sample("step", """<ol class="steps">
  {{ ui.step(number=1, title=_("確認學生相關資訊"), url="#steps", kind="done", word=_("已確認"), seal="approved", seal_word=_("確認")) }}
  {{ ui.step(number=2, title=_("申辦親子帳號"), url="#steps", hint=_("完成步驟 2 之後才能進行。"), kind="todo", word=_("未設定"), is_next=true) }}
  {{ ui.step(number=3, title=_("同意簽署回傳"), hint=_("完成步驟 2 之後才能進行。"), kind="todo", word=_("未送出")) }}
  {{ ui.step(number=3, title=_("同意簽署回傳"), url="#steps", kind="returned", word=_("退回修正"), seal="returned", seal_word=_("退回")) }}
</ol>"""),
    Sample("summary_row", """<dl class="summary">
  {{ ui.summary_row(_("申請人姓名"), "王大明") }}
  {{ ui.summary_row(_("電子郵件"), "a.very.long.address.of.a.parent@students.example.edu.tw", url="#summary") }}
  {{ ui.summary_row(_("手機"), "") }}
</dl>"""),
    Sample("field", """<form>{% for field in empty_form %}{{ field.as_field_group() }}{% endfor %}</form>"""),
    Sample("field", """<form>{% for field in filled_form %}{{ field.as_field_group() }}{% endfor %}</form>"""),
    Sample("error_summary", """{{ ui.error_summary(refused_form) }}"""),
    Sample("field_notes", """<form>{% for field in refused_form %}{{ field.as_field_group() }}{% endfor %}</form>"""),
    Sample("file_box", """<form><div class="field"><label class="field__label" for="file_plain_file">{{ _("名冊檔案") }}</label>{{ ui.file_box(file_field) }}</div></form>"""),
    Sample("field", """<form>{% for field in disabled_form %}{{ field.as_field_group() }}{% endfor %}</form>"""),
    Sample("enter", """<form>{{ ui.enter() }}<button class="button" name="another">{{ _("換一張") }}</button> <button class="button button--primary">{{ _("登入") }}</button></form>"""),
    Sample("no_enter", """<form>{{ ui.no_enter() }}<button class="button" name="answer" value="agree">{{ _("同意") }}</button> <button class="button" name="answer" value="decline">{{ _("無意參加") }}</button></form>"""),
    Sample("progress", """{{ ui.progress(label=_("已完成"), value=12, max=30, id="sample-progress") }}"""),
    Sample("count", """<ul class="counts">
  {{ ui.count(12, _("待審核"), url="#count", waiting=true, note=_("已完成")) }}
  {{ ui.count(1234, _("已通過")) }}
  {{ ui.count(0, _("退回修正")) }}
</ul>"""),
    Sample("chart_legend", """{{ ui.chart_legend(bars.kinds) }}"""),
    Sample("chart_bars", """{{ ui.chart_bars(bars, "sample", head=_("班級")) }}"""),
    Sample("chart_trend", """<div class="charts charts--small">{% for one in trends %}{{ ui.chart_trend(one, loop.index) }}{% endfor %}</div>"""),
    Sample("events", """{{ ui.events(timeline) }}"""),
    Sample("pagination", """{{ ui.pagination(page, "state=open") }}"""),
    Sample("listing_tools", """{{ ui.listing_tools(listing, csrf_input) }}"""),
    Sample("listing_state", """{{ ui.listing_state(listing) }}"""),
    Sample("listing_head", """<table class="table table--plain">{{ ui.listing_head(listing) }}</table>"""),
    Sample("listing_none", """<table class="table table--plain"><tbody>{{ ui.listing_none(listing, _("最近的信都寄到了。無法寄送或被退回的，會列在這裡。")) }}</tbody></table>"""),
    Sample("listing_pages", """{{ ui.listing_pages(listing) }}"""),
    Sample("desk_first_day", """{{ ui.desk_first_day(*first_day) }}"""),
    Sample("desk_tabs", """{{ ui.desk_tabs(tab_groups) }}"""),
    Sample("desk_search", """{% if sample_school %}{{ ui.desk_search(sample_school, csrf_input, _("學生、申請"), id="sample-desk-search") }}{% endif %}"""),
    Sample("desk_shortcuts", """{{ ui.desk_shortcuts("#") }}"""),
    Sample("date_picker", """<div class="field"><label class="field__label" for="sample-date">{{ _("繳費期限") }}</label><input id="sample-date" class="w-medium" value="115/09/14" data-date>{{ ui.date_picker("sample-date") }}</div>"""),
    Sample("way_back", """<p class="back">{{ ui.way_back("", "#way_back", _("回學生")) }}</p>"""),
    Sample("sheet_counts", """{{ ui.sheet_counts([("101", 35), ("102", 34)]) }}"""),
    Sample("file_contents", """{{ ui.file_contents(contents) }}"""),
    Sample("print_batch_pill", """{% for batch in batches %}{{ ui.print_batch_pill(batch) }} {% endfor %}"""),
    Sample("print_batch", """{% with batch=batches[0], counted=_("已完成"), waiting=_("已完成") %}{% include "components/print_batch.html" %}{% endwith %}"""),
    Sample("masthead", """{{ ui.masthead(sample_school) }} {{ ui.masthead() }}"""),
    Sample("account", """{% if user.is_authenticated %}{% include "components/account.html" %}{% endif %}"""),
    Sample("contact", """{% if sample_school %}{{ ui.contact(sample_school, with_cashier=true) }}{% endif %}"""),
    Sample("languages", """{% include "components/languages.html" %}"""),
    Sample("session_guard", """{% if user.is_authenticated %}{% include "components/session_guard.html" %}{% endif %}"""),
    Sample("apology", """{{ ui.apology(404, _("找不到這個頁面"), _("系統收到的內容不完整，沒有存下任何東西。請回到上一頁，重新整理後再填一次；若是上傳檔案，請確認檔案沒有超過大小限制。")) }}"""),
    Sample("mail_button", """<iframe class="mail-frame" title="mail" src="{{ url('gallery-mail') }}"></iframe>"""),
)  # fmt: skip

PATTERNS = (
    Sample("button", """<div class="button-row"><button class="button button--primary">{{ _("下一步") }}</button> <button class="button">{{ _("資訊有誤") }}</button> <button class="button button--danger">{{ _("解除綁定") }}</button> <button class="button button--quiet">{{ _("登出") }}</button> <button class="button" disabled>{{ _("上傳") }}</button></div>"""),
    Sample("sheet document", """<article class="sheet document"><p class="kicker">{{ _("校務行政系統") }}</p><h2>{{ _("資訊有誤，請註冊組更正") }}</h2><p class="lead">{{ _("送出後由學校註冊組核對學籍資料，通常需要一到三個上課日。更正完成前，親子帳號的申辦會先暫停；完成後請再回來確認。") }}</p></article>"""),
    Sample("tabs", """<nav class="tabs" aria-label="tabs"><a href="#tabs" aria-current="page">{{ _("家長登入") }}</a><a href="#tabs">{{ _("教職員") }}</a></nav>"""),
    Sample("filters", """<nav class="filters" aria-label="filters"><a href="#filters" aria-current="true">{{ _("全部") }}<span class="filters__count">1,234</span></a><a href="#filters">{{ _("待審核") }}<span class="filters__count">12</span></a></nav>"""),
    Sample("table: a card a row on a phone", """<table class="table">
  <thead><tr><th scope="col">{{ _("姓名") }}</th><th scope="col">{{ _("狀態") }}</th><th scope="col" class="num">{{ _("應繳金額") }}</th></tr></thead>
  <tbody>{% for name in ("王小一", "阿布拉罕・馬可斯・古拉斯・貝林寇特") %}<tr><th scope="row"><a href="#table">{{ name }}</a></th><td data-label="{{ _("狀態") }}">{{ ui.pill("waiting", _("待審核")) }}</td><td class="num" data-label="{{ _("應繳金額") }}">9,330</td></tr>{% endfor %}</tbody>
</table>"""),
    Sample("table table--plain: a table on every screen", """<table class="table table--plain">
  <thead><tr><th scope="col">{{ _("項目") }}</th><th scope="col" class="num">{{ _("應繳金額") }}</th></tr></thead>
  <tbody><tr><th scope="row">115 學年度第一學期家長會費與平安保險費（三年級）</th><td class="num">9,330</td></tr></tbody>
</table>"""),
    Sample("secret", """<ul class="secret">{% for n in range(4) %}<li>K7QW-9TZ{{ n }}</li>{% endfor %}</ul>"""),
    Sample("service", """<div class="launcher"><article class="service"><span class="service__mark" aria-hidden="true">繳</span><h2 class="service__name"><a href="#service">{{ _("繳費單") }}</a></h2><p class="service__hint">{{ _("查看孩子的繳費單，線上付款，或用條碼到超商、銀行繳") }}</p></article></div>"""),
)  # fmt: skip

"""Files that families and registrars really have, through the intake: taken, or refused with what to do."""

import io

import pypdfium2
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from binding.actions import application as actions
from binding.evidence_intake import take_in
from binding.forms import EvidenceForm
from binding.models import Application, Evidence
from tests.accounts.factories import log_in
from tests.binding.factories import answered_family
from tests.support.pdf import draw, locked_pdf, small_pdf

Kind = Application.Kind


@pytest.fixture(autouse=True)
def _drawn_each_time(monkeypatch):
    monkeypatch.setattr("binding.pdf_pages._run", draw)


def taken(content, name="x"):
    return take_in(SimpleUploadedFile(name, content))


def refusal(content, name="x.jpg"):
    with pytest.raises(ValidationError) as refused:
        taken(content, name)
    return " ".join(refused.value.messages)


def encode(kind, picture=None, **options):
    out = io.BytesIO()
    (picture or Image.new("RGB", (60, 40), "red")).save(out, kind, **options)
    return out.getvalue()


def two_pictures():
    return encode("MPO", save_all=True, append_images=[Image.new("RGB", (60, 40), "lime")])


def script_pdf():
    """A PDF that runs a script when opened and carries a file."""
    catalog = "/OpenAction 5 0 R /Names << /EmbeddedFiles << /Names [(x.exe) 6 0 R] >> >>"
    more = [
        "<< /S /JavaScript /JS (app.alert\\(1\\)) >>",
        "<< /Type /Filespec /F (x.exe) /EF << /F 7 0 R >> >>",
        "<< /Type /EmbeddedFile /Length 8 >>\nstream\nEVILFILE\nendstream",
    ]
    return small_pdf(catalog=catalog, more=more)


class TestPictures:
    @pytest.mark.parametrize(
        ("content", "content_type"),
        [
            (two_pictures(), "image/jpeg"),
            (encode("WEBP"), "image/jpeg"),
            (encode("JPEG", Image.new("CMYK", (9, 9))), "image/jpeg"),
            (encode("PNG", Image.new("I;16", (9, 9))), "image/png"),
            (encode("JPEG"), "image/jpeg"),
        ],
        ids=["two pictures", "webp", "cmyk", "sixteen bits", "jpeg"],
    )
    def test_what_phones_and_scanners_make_is_taken(self, content, content_type):
        file = taken(content, "照片.pdf")  # the bytes say what it is, never the name

        assert (file.content_type, file.pages) == (content_type, 1)
        assert Image.open(io.BytesIO(file.content)).mode == "RGB"

    def test_a_comment_with_the_place_does_not_stay(self):
        content = encode("JPEG", comment=b"25.0330 N", icc_profile=b"p" * 200)

        assert b"25.0330" not in taken(content).content
        assert "icc_profile" not in Image.open(io.BytesIO(taken(content).content)).info

    def test_a_see_through_drawing_lies_on_white(self):
        content = encode("PNG", Image.new("RGBA", (9, 9), (0, 0, 0, 0)))

        assert Image.open(io.BytesIO(taken(content).content)).getpixel((4, 4)) == (255, 255, 255)

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"\0\0\0\x18ftypheic" + b"\0" * 90, "HEIC"),
            (b"\0\0\0\x18ftypheic" + b"\0" * 90, "另存成 JPEG"),
            (encode("JPEG")[:400], "不完整"),
            (encode("GIF"), "不是可以讀取的"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "不是可以讀取的"),
            (encode("PNG", Image.new("1", (9000, 9000))), "尺寸太大"),
        ],
    )
    def test_others_are_refused_with_what_to_do(self, content, words):
        assert words in refusal(content)


class TestPDFs:
    def test_what_is_kept_is_a_picture_of_each_page(self):
        file = taken(small_pdf(pages=3))

        kept = pypdfium2.PdfDocument(file.content)
        assert (file.content_type, file.pages, len(kept)) == ("application/pdf", 3, 3)
        assert kept[0].get_textpage().get_text_bounded() == ""
        assert max(kept[0].get_size()) == pytest.approx(842, abs=2)
        assert kept[0].render().to_pil().convert("L").getextrema()[0] < 100  # the words are on it

    def test_scripts_and_files_in_it_are_gone(self):
        content = script_pdf()
        assert pypdfium2.PdfDocument(content).count_attachments() == 1

        file = taken(content)

        assert pypdfium2.PdfDocument(file.content).count_attachments() == 0
        for words in (b"JavaScript", b"OpenAction", b"EVILFILE", b"EmbeddedFile", b"app.alert"):
            assert words not in file.content

    def test_what_was_typed_into_a_form_is_on_the_page(self):
        assert dark_pixels(taken(form_pdf("WANG")).content) > dark_pixels(taken(form_pdf("")).content) + 200

    def test_the_same_file_twice_becomes_the_same_bytes(self):
        assert taken(small_pdf(pages=2)).content == taken(small_pdf(pages=2)).content

    def test_a_scanners_junk_before_it_does_not_matter(self):
        assert taken(b"\xef\xbb\xbfHTTP/1.1 200 OK\r\n\r\n" + small_pdf(), "掃描.jpg").pages == 1

    def test_pages_of_strange_sizes_are_taken(self):
        wide = small_pdf().replace(b"[0 0 595 842]", b"[0 0 14400 842]")

        assert max(pypdfium2.PdfDocument(taken(wide).content)[0].get_size()) <= 843

    def test_who_may_not_print_it_may_send_it(self):
        assert taken(locked_pdf(user="", owner="secret")).pages == 1

    def test_one_with_a_password_is_refused_in_words(self):
        assert "設了密碼" in refusal(locked_pdf(user="secret", owner="secret"))

    @pytest.mark.parametrize("pages", [21, 200])
    def test_too_many_pages_are_counted(self, pages):
        assert f"有 {pages} 頁，最多 20 頁" in refusal(small_pdf(pages=pages))

    def test_twenty_pages_are_taken(self):
        assert taken(small_pdf(pages=20)).pages == 20

    @pytest.mark.parametrize("content", [b"%PDF-1.7 %%EOF", small_pdf()[:150], b"%PDF-" + b"\0" * 100])
    def test_a_damaged_one_is_refused_in_words(self, content):
        assert "打不開" in refusal(content)

    def test_one_that_wants_too_much_memory_is_refused_in_words(self, monkeypatch, tmp_path):
        child = tmp_path / "child.py"
        child.write_text(
            "import resource\nresource.setrlimit(resource.RLIMIT_AS, (1 << 28,) * 2)\nx = 'a' * (1 << 30)\n"
        )
        monkeypatch.setattr("binding.pdf_pages.CHILD", child)

        assert "太複雜" in refusal(small_pdf())


def dark_pixels(content):
    page = pypdfium2.PdfDocument(content)[0].render().to_pil().convert("L")
    return sum(page.histogram()[:100])


def form_pdf(text):
    """A PDF with one field, filled in, whose looks the reader has to draw."""
    field = (
        "<< /Type /Annot /Subtype /Widget /FT /Tx /T (name) /F 4 /Rect [60 400 500 460] "
        f"/DA (/Helv 40 Tf 0 g) /V ({text}) /P 3 0 R >>"
    )
    catalog = (
        "/AcroForm << /Fields [5 0 R] /NeedAppearances true /DA (/Helv 40 Tf 0 g) "
        "/DR << /Font << /Helv << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>"
    )
    content = small_pdf(catalog=catalog, more=[field])
    return content.replace(b"/MediaBox", b"/Annots [5 0 R] /MediaBox", 1)


class TestUploading:
    @pytest.fixture
    def gina(self, client, db):
        user = answered_family()
        actions.choose_kind(student=user.student, kind=Kind.GUARDIAN, by=user)
        return log_in(client, user) and user

    def upload(self, client, user, **files):
        return client.post(reverse("binding:evidence", args=[user.school.slug]), files)

    def test_no_file_chosen_is_said(self, client, gina):
        response = self.upload(client, gina)

        assert response.status_code == 200
        assert "請選擇要上傳的檔案" in response.content.decode()

    def test_an_empty_list_is_no_answer(self):
        form = EvidenceForm({}, {})

        assert not form.is_valid()
        assert form.errors["files"] == ["請選擇要上傳的檔案。"]

    def test_the_family_gets_back_what_was_kept(self, client, gina):
        self.upload(client, gina, files=[SimpleUploadedFile("裁定書.pdf", script_pdf())])

        kept = Evidence.objects.get()
        response = client.get(reverse("binding:evidence-file", args=[gina.school.slug, kept.pk]))

        assert response.content == kept.read()
        assert response["Content-Type"] == "application/pdf"
        assert b"EVILFILE" not in response.content

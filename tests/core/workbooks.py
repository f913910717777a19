"""Workbooks written by hand, with what no library writes: errors, formulas without value, hidden sheets."""

import io
import struct
import zipfile
from dataclasses import dataclass
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKED = "http://schemas.openxmlformats.org/package/2006"
STYLES = ["General", "0000000", "0000-000-000", "0%", "yyyy/m/d h:mm", '"S"000', "#,##0"]


@dataclass
class Raw:
    """A cell of an .xlsx as XML: its attributes and what is inside."""

    inside: str
    attributes: str = ""


def error(text="#N/A"):
    return Raw(f"<f>NA()</f><v>{text}</v>", 't="e"')


def formula(inside="", attributes=""):
    return Raw(f"<f>A1&amp;B1</f>{inside}", attributes)


def number(value, style):
    return Raw(f"<v>{value}</v>", f's="{STYLES.index(style)}"')


def xlsx(*sheets, calculation="", tail=""):
    """An .xlsx (bytes) of (name, rows) or (name, rows, state); rows are lists of str, numbers and Raw."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{PACKED}/content-types"/>')
        names = "".join(
            f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}" state="{(*rest, "visible")[0]}"/>'
            for n, (name, _rows, *rest) in enumerate(sheets, 1)
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{RELATED}"><sheets>{names}</sheets>{calculation}</workbook>',
        )
        archive.writestr("_rels/.rels", _relations(("r1", "officeDocument", "xl/workbook.xml")))
        related = [(f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)]
        archive.writestr("xl/_rels/workbook.xml.rels", _relations(("s1", "styles", "/xl/styles.xml"), *related))
        archive.writestr("xl/styles.xml", _styles())
        for n, (_name, rows, *_rest) in enumerate(sheets, 1):
            archive.writestr(f"xl/worksheets/sheet{n}.xml", _sheet(rows, tail))
    return written.getvalue()


def _relations(*all_of_them):
    inside = "".join(
        f'<Relationship Id="{name}" Type="{RELATED}/{kind}" Target="{target}"/>' for name, kind, target in all_of_them
    )
    return f'<Relationships xmlns="{PACKED}/relationships">{inside}</Relationships>'


def _styles():
    codes = "".join(
        f'<numFmt numFmtId="{170 + n}" formatCode="{escape(code, {chr(34): "&quot;"})}"/>'
        for n, code in enumerate(STYLES)
    )
    used = "".join(f'<xf numFmtId="{170 + n if n else 0}"/>' for n in range(len(STYLES)))
    return f'<styleSheet xmlns="{MAIN}"><numFmts>{codes}</numFmts><cellXfs>{used}</cellXfs></styleSheet>'


def _sheet(rows, tail):
    lines = "".join(
        f'<row r="{line}">{"".join(_cell(cell, line, place) for place, cell in enumerate(cells))}</row>'
        for line, cells in enumerate(rows, 1)
        if cells
    )
    return f'<worksheet xmlns="{MAIN}"><sheetData>{lines}</sheetData>{tail}</worksheet>'


def _cell(cell, line, place):
    at = f'r="{chr(65 + place)}{line}"'
    if isinstance(cell, Raw):
        return f"<c {at} {cell.attributes}>{cell.inside}</c>"
    if cell == "":
        return ""
    if isinstance(cell, str):
        return f'<c {at} t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
    return f"<c {at}><v>{cell}</v></c>"


ODS = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
    for short in ("office", "table", "text", "style", "number")
)


def ods(*sheets):
    """An .ods (bytes) of (name, rows) or (name, rows, "hidden"); rows are lists of str and of ready cells (XML)."""
    tables = "".join(
        f'<table:table table:name="{name}" table:style-name="{"off" if rest else "on"}">{_ods_rows(rows)}</table:table>'
        for name, rows, *rest in sheets
    )
    styles = "".join(
        f'<style:style style:name="{name}" style:family="table"><style:table-properties table:display="{shown}"/></style:style>'
        for name, shown in (("on", "true"), ("off", "false"))
    )
    styles += (
        '<number:number-style style:name="N1"><number:number number:min-integer-digits="7"/></number:number-style>'
    )
    content = (
        f'<office:document-content {ODS} xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">'
        f"<office:automatic-styles>{styles}</office:automatic-styles><office:body><office:spreadsheet>{tables}"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
    return written.getvalue()


def _ods_rows(rows):
    return "".join(
        f"<table:table-row>{''.join(cell if cell.startswith('<') else _ods_text(cell) for cell in cells)}</table:table-row>"
        for cells in rows
    )


def _ods_text(text):
    if not text:
        return "<table:table-cell/>"
    return f'<table:table-cell office:value-type="string"><text:p>{escape(text)}</text:p></table:table-cell>'


def xls(*sheets):
    """An .xls (bytes) of (name, records) or (name, records, 1 for hidden); records as `label` and its kin make them."""
    begin, end = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 1997, 0, 0)), _record(0x000A)
    formats = b"".join(
        _record(0x041E, struct.pack("<HHB", 170 + n, len(code), 0) + code.encode("latin-1"))
        for n, code in enumerate(STYLES)
    )
    styles = b"".join(_record(0x00E0, struct.pack("<HH16x", 0, 170 + n if n else 0)) for n in range(len(STYLES)))
    head = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 1997, 0, 0)) + _record(
        0x0042, struct.pack("<H", 1200)
    )
    head += formats + styles
    bodies = [begin + b"".join(records) + end for _name, records, *_rest in sheets]
    names = [
        struct.pack("<BBBB", (*rest, 0)[0], 0, len(name), 1) + name.encode("utf-16-le")
        for name, _records, *rest in sheets
    ]
    start = len(head) + sum(8 + len(name) for name in names) + len(end)
    bound = b""
    for name, body in zip(names, bodies, strict=True):
        bound += _record(0x0085, struct.pack("<I", start) + name)
        start += len(body)
    return _compound(head + bound + end + b"".join(bodies))


def label(line, column, text):
    return _record(0x0204, struct.pack("<HHHHB", line - 1, column, 0, len(text), 1) + text.encode("utf-16-le"))


def xls_number(line, column, value, style="General"):
    return _record(0x0203, struct.pack("<HHHd", line - 1, column, STYLES.index(style), value))


def xls_error(line, column, code=0x2A):
    return _record(0x0205, struct.pack("<HHHBB", line - 1, column, 0, code, 1))


def xls_formula(line, column, result):
    """`result`: the eight bytes that say what the formula came to."""
    return _record(
        0x0006, struct.pack("<HHH", line - 1, column, 0) + result + struct.pack("<HIH", 0, 0, 3) + b"\x1e\x01\x00"
    )


def _record(kind, body=b""):
    return struct.pack("<HH", kind, len(body)) + body


def _compound(stream):
    """A compound file with the one stream "Workbook", long enough to lie in whole sectors."""
    stream = stream.ljust(4096, b"\0")
    stream = stream.ljust(-(-len(stream) // 512) * 512, b"\0")
    sectors = len(stream) // 512
    table = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, sectors + 2), 0xFFFFFFFE]
    table += [0xFFFFFFFF] * (128 - len(table))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(24, b"\0") + struct.pack(
        "<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0
    )
    header += struct.pack("<I", 0) + b"\xff\xff\xff\xff" * 108
    entries = _entry("Root Entry", 5, 0xFFFFFFFE, 0, child=1) + _entry("Workbook", 2, 2, len(stream)) + bytes(256)
    return header + struct.pack("<128I", *table) + entries + stream


def _entry(name, kind, start, size, child=0xFFFFFFFF):
    coded = (name + "\0").encode("utf-16-le")
    head = coded.ljust(64, b"\0") + struct.pack("<HBBIII", len(coded), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
    return head + bytes(36) + struct.pack("<IQ", start, size)

"""What stands on a printed page."""

import re
import subprocess

LONG_SCHOOL = {
    "name": "臺北市私立國際雙語實驗教育暨藝術與科學發展" * 2 + "高級中學附設國民中學進修學校第二校區",
    "slug": "a-very-long-name-of-thirty-chs",
    "helpdesk_office": "資訊組與網路中心系統管理師" + "的辦公室兼機房",
    "helpdesk_phone": "02-2321-6256#" + ",".join(["123456"] * 9),
    "registrar_office": "Registrar’s office",
    "registrar_phone": "02-2321-6256#222222,222223,222224",
    "cashier_office": "出納組" * 6,
    "cashier_phone": "02-2321-6256#235",
}


def text_of(pdf, how="-layout"):
    read = subprocess.run(["pdftotext", how, "-", "-"], input=pdf, capture_output=True, check=True)
    return read.stdout.decode()


def flat(text):
    return re.sub(r"\s", "", text)


def pages_of(pdf):
    return text_of(pdf).count("\f")

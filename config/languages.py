"""The languages of the house, each with its own name for itself. How one more is added: docs/glossary.md."""

CHINESE = "zh-hant"
# Offered to families and parents, on all they see and in all they are sent.
OFFERED = [(CHINESE, "正體中文"), ("en", "English"), ("vi", "Tiếng Việt"), ("id", "Bahasa Indonesia")]
# The desks of staff are kept in these.
OF_STAFF = [CHINESE, "en"]
# Next: `make catalogue` collects their texts once their folder is there.
PREPARED = [("th", "ไทย"), ("fil", "Filipino")]

"""What a cashier types about who collects."""

TYPED = {
    "collection_code": "627",
    "date_layout": "mmdd",
    "write_off_prefix": "",
    "pad_side": "left",
    "store_limit": "20000",
    "store_fee": "0",
    "bank_rule": "bot",
    "bank_name": "臺灣銀行公館分行",
    "bank_collection_number": "700602",
}

"""What any kind of mail may be written with."""

from django.utils import timezone

from tests.registry.factories import SchoolFactory


def context():
    return {
        "school": SchoolFactory(),
        "student_name": "尹〇妍",
        "name": "尹〇妍",
        "account": "t301",
        "link": "https://example.com/",
        "expires_at": timezone.now(),
        "class_name": "301",
        "reason": "手機和申請書不同",
        "steps": ["確認學生相關資訊"],
        "deadline": timezone.localdate(),
        "left": "今天截止",
        "stop_url": "https://example.com/stop/",
        "initial_until": timezone.now(),
        "first_day": timezone.localdate(),
        "last_day": timezone.localdate(),
        "carer": "陳阿玉",
        "students": ["301 1 尹〇妍"],
        "undo_until": timezone.now(),
        "back_until": timezone.now(),
        "until": timezone.now(),
    }

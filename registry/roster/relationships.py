"""What schools usually write as the relationship of a guardian."""

WORDS = """
父親 父 爸爸 爸 生父 養父 繼父 父子 父女 母親 母 媽媽 媽 生母 養母 繼母 母子 母女 父母
祖父 祖母 爺爺 奶奶 阿公 阿嬤 外祖父 外祖母 外公 外婆 曾祖父 曾祖母 外曾祖父 外曾祖母 祖孫 祖父母 外祖父母
伯父 伯伯 伯母 叔父 叔叔 叔母 嬸嬸 嬸婆 姑姑 姑母 姑丈 姑父 姑婆 舅舅 舅父 舅媽 舅母 舅公 阿姨 姨母 姨媽 姨丈 姨父 姨婆
叔公 伯公 伯婆 兄 兄長 哥哥 弟 弟弟 姊 姊姊 姐 姐姐 妹 妹妹 兄弟 姊妹 兄弟姊妹 兄妹 姊弟 親屬 親戚 同居人
監護人 法定監護人 法定代理人 寄養 寄養父母 寄養父 寄養母 寄養家庭 機構 安置機構 社工 社工員 院長 其他
father mother dad mum mom parent stepfather stepmother grandfather grandmother uncle aunt brother sister
sibling relative guardian other
"""
USUAL = frozenset(WORDS.split())


def is_usual(relationship):
    """Whether `relationship`, as written in a roster, is one that is written often."""
    return relationship.replace(" ", "").replace("／", "/").casefold() in USUAL

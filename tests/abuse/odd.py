"""What nobody should type, and somebody will."""

LONG = "长" * 20_000
VERY_LONG = "a" * 200_000
UNKNOWN = "00000000-0000-7000-8000-000000000000"

TEXTS = {
    "empty": "",
    "blank": " \u3000\t\n ",
    "nul": "示例\0文",
    "controls": "\x01\x08\x1b[31m\x7f\x85",
    "bidi": "\u202e示例\u2066\u200b\ufeff",
    "emoji": "🧑🏽‍🤝‍🧑🏻🏔️",
    "tibetan": "བོད་ལྗོངས།",
    "rare": "𠮷\U0003106c\U000e0100",
    "markup": "<script>alert(1)</script>'\"&{{7*7}}%s%(x)s{0}",
    "sql": "'; drop table item; --",
    "wildcards": "%_\\",
    "noncharacter": "\ufffe\uffff",
    "combining": "e" + "\u0301" * 3_000,
    "a name": "名" * 100,
    "a line": "行" * 200,
    "long": LONG,
    "very long": VERY_LONG,
}
NUMBERS = {
    "most": str(2**63),
    "int4": str(2**31),
    "int2": "32768",
    "least": "-9223372036854775809",
    "negative": "-1",
    "exponent": "1e400",
    "fraction": "1.5",
    "arabic": "٣",
    "fullwidth": "３",
    "nan": "NaN",
    "infinite": "-Infinity",
    "hex": "0x10",
    "underscore": "1_000",
    "endless": "9" * 5_000,
}
DAYS = {
    "first day": "0001-01-01",
    "last day": "9999-12-31",
    "no day": "2018-02-30",
    "year zero": "0000-00-00",
    "far year": "99999-01-01",
    "time": "2018-04-10T25:61",
    "seconds": "1523318400",
    "chinese day": "2018年4月10日",
}
MONTHS = {
    "no month": "2018-13",
    "far month": "99999-01",
    "first month": "0001-01",
    "last month": "9999-12",
    "edge month": "2999-12",
    "no quarter": "2018-Q5",
    "last quarter": "9999-Q4",
    "last year": "9999",
    "edge year": "2999",
}
IDS = {
    "unknown": UNKNOWN,
    "no id": "1",
    "path": "../../etc/passwd",
    "braces": "{" + UNKNOWN + "}",
}
VALUES = TEXTS | NUMBERS | DAYS | MONTHS | IDS
"""Every odd text by its name."""

RAW = {
    "lone surrogate": b"%ED%A0%80",
    "not utf-8": b"%FF%FE%80",
    "overlong": b"%C0%80",
    "half": b"%",
    "nul": b"%00",
}
"""As it stands in an address or an encoded form."""

FILES = {
    "empty": ("示例.txt", b"", "text/plain"),
    "nul": ("a\0b.txt", b"\0" * 100, "text/plain"),
    "liar": ("示例.pdf", b"MZ\x90\x00", "application/pdf"),
    "nameless": ("..", b"x", ""),
    "long name": ("长" * 400 + ".txt", "示例".encode(), "text/plain"),
    "broken zip": ("示例.xlsx", b"PK\x03\x04" + b"\xff" * 60, "application/zip"),
    "broken json": ("示例.json", b'{"a": ' * 3_000, "application/json"),
    "broken picture": ("示例.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "image/png"),
    "surrogate text": ("示例.csv", b"\xff\xfe\x00\xd8", "text/csv"),
}
BODIES = {
    "json": ("application/json", b'{"title": 1}'),
    "text": ("text/plain", b"title=1"),
    "nothing": ("", b""),
    "no boundary": ("multipart/form-data", b"--x\r\n\r\n"),
    "broken multipart": ("multipart/form-data; boundary=x", b"--x\r\nContent-Dispo"),
    "wrong boundary": ("multipart/form-data; boundary=y", b"--x\r\n\r\na\r\n--x--\r\n"),
    "unnamed part": (
        "multipart/form-data; boundary=x",
        b"--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--\r\n",
    ),
    "not latin": ("multipart/form-data; boundary=\xe9".encode(), b"--\xe9--"),
    "odd charset": ("application/x-www-form-urlencoded; charset=utf-99", b"a=%FF"),
}

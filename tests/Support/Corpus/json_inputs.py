"""Malformed and odd native JSON."""
from events import FLAGS, INSTANTS, KEYS, LONGEST, WORDS
from mutations import mutants, truncations, two_records

MINIMAL = '"source":"hy","case":"c1","at":"2025-07-16T10:00:00+07:00"'
MAX_LENGTH = 65_536

NUMBERS = (
    "0 -0 1 2 4 10 11 -1 1.0 1e0 1E1 0.5 1e400 1e-400 01 00 -01 +1 .5 1. 1.e1 1e 1e+ 0x1 1_0 - -- NaN Infinity -Infinity 9223372036854775807 "
    "9223372036854775808 1000000000000 1000000000001 -9223372036854775808 123456789012345678901234567890 1752634800250").split()
STRINGS = [
    "", "x", "case", "none", "online", "post", "counter", "electronic", "1", "true", "null", "Sở-TC", "x" * 32, "x" * 33, "y" * 40, "y" * 41, "z" * 64, "z" * 65, "ờ" * 21, "ờ" * 22,
    "\\u0063ase", "\\u0043ase", "\\ud83d\\ude00", "\\ud83d", "\\ude00", "\\ude00\\ud83d", "\\ud83d\\ud83d\\ude00", "\\ud83dx", "\\u0000", "\\n", "\\/", "\\x", "\\u12", "\\u12g4", "\\U0041", "\\",
    "\t", "\n", "\x01", "\x7f", "2025-07-16T10:00:00+07:00", "2025-07-16T03:00:00Z", "2025-07-16T03:00:00z", "2025-07-16t03:00:00Z", "2025-07-16 03:00:00Z", "2025-07-16T10:00:00",
    "2025-07-16T10:00Z", "2025-07-16", "20250716100000", "2025-07-16T10:00:00.Z", "2025-07-16T10:00:00.123456789Z", "2025-07-16T10:00:00.1234567890Z", "2025-07-16T10:00:00,1Z",
    "2025-07-16T24:00:00Z", "2025-07-16T23:60:00Z", "2025-07-16T23:59:60Z", "2025-07-16T10:00:00+23:59", "2025-07-16T10:00:00+24:00", "2025-07-16T10:00:00+07:60", "2025-07-16T10:00:00+0700",
    "2025-07-16T10:00:00+7:00", "2025-07-16T10:00:00-00:00", "2025-13-01T00:00:00Z", "2025-00-01T00:00:00Z", "2025-02-29T00:00:00Z", "2024-02-29T00:00:00Z", "2000-02-29T00:00:00Z",
    "2025-04-31T00:00:00Z", "1999-12-31T23:59:59.999Z", "2000-01-01T00:00:00Z", "2000-01-01T00:00:00+00:01", "1999-12-31T23:59:00-00:01", "2099-12-31T23:59:59.999999999Z", "2100-01-01T00:00:00Z",
    "2100-01-01T00:00:00+00:01", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z", " 2025-07-16T03:00:00Z", "2025-07-16T03:00:00Z ", "２025-07-16T03:00:00Z", "2\\u003025-07-16T03:00:00Z",
]
OTHERS = ["null", "true", "false", "True", "nul", "tru", "nulll", "undefined", "[]", "{}", "[1]", '{"at":1}', "[1,]", "[,]", "{,}", '{"a"}', '{"a":}', "{a:1}", "{'a':1}", "[1 2]", "[", "]", "{", "}", "", '"', "'x'", "/**/1", "1//"]

BAD_UTF8 = [b"\x80", b"\xc3", b"\xc0\x80", b"\xc1\xbf", b"\xe0\x80\x80", b"\xed\xa0\x80", b"\xed\xbf\xbf", b"\xf0\x80\x80\x80", b"\xf4\x90\x80\x80", b"\xf5\x80\x80\x80", b"\xfe", b"\xff", b"\xe1\xbb", b"\xef\xbb\xbf", b"\xf4\x8f\xbf\xbf"]


def event(members):
    return ("{" + MINIMAL + "," + members + "}").encode("utf-8")


def good(key):
    if key in LONGEST:
        return '"x1"'
    if key in INSTANTS:
        return '"2025-07-16T10:00:00.250+07:00"'
    if key in WORDS:
        return f'"{WORDS[key][-1]}"'
    return "true" if key in FLAGS else "7"


def whole_records():
    yield ("{" + ",".join(f'"{key}":{good(key)}' for key in KEYS) + "}").encode()
    yield event('"v":1,"fee":null,"x":[1,{"y":"\\u0061\\n"},true,null,-1.5e3],"ChuHoSo":"Nguyễn Thị Ánh"')
    yield ("\t{ " + ", ".join(f'"\\u{ord(key[0]):04x}{key[1:]}" :\t{good(key)}' for key in KEYS) + " \r\n} ").encode()


def every_value_everywhere():
    values = [*NUMBERS, *(f'"{text}"' for text in STRINGS), *OTHERS]
    for key in ["v", *KEYS, "unknown"]:
        for value in values:
            yield f"{key}: {value.encode('unicode_escape').decode()[:24]}", event(f'"{key}":{value}')


def keys_and_reasons(random):
    for key in KEYS:
        fine = good(key)
        rest = ",".join(member for member in MINIMAL.split(",") if not member.startswith(f'"{key}"'))
        for why, text in (("absent", rest), ("twice, the last is good", f'"{key}":[],{rest},"{key}":{fine}'), ("twice, the last is bad", f'"{key}":{fine},{rest},"{key}":[]'),
                          ("twice, the first is no JSON", f'"{key}":[,],{rest},"{key}":{fine}'), ("twice, the last is null and escaped", f'"{key}":{{}},{rest},"\\u{ord(key[0]):04x}{key[1:]}":null')):
            yield f"{key} {why}", ("{" + text + "}").encode()
        for name in (key.upper(), key + " ", " " + key, key + "\\u0000", key[:-1], key + "\\ud800", key + "\u0301"):
            yield f"a name like {key}", event(f'"{name}":[]')
    for _ in range(800):
        chosen = random.sample([*KEYS, "v"], random.randint(2, 8))
        yield "many faults", event(",".join(f'"{key}":{random.choice(("[]", "null", "1", good(key), "2"))}' for key in chosen))


def shapes():
    yield from (("shape", text.encode()) for text in (
        "", " ", "null", "1", '"text"', "[]", "true", "{", "}", "{}", "{}{}", "{},", "[{" + MINIMAL + "}]", "{" + MINIMAL + ",}", "{," + MINIMAL + "}", "{" + MINIMAL + "}}", "{" + MINIMAL + "}\0",
        "\0{" + MINIMAL + "}", "\ufeff{" + MINIMAL + "}", "\u00a0{" + MINIMAL + "}", "\f{" + MINIMAL + "}", "\v{" + MINIMAL + "}", "\r\n\t {" + MINIMAL + "}\r", "{" + MINIMAL + "\0}", "{/**/" + MINIMAL + "}",
        "{" + MINIMAL.replace(",", ";") + "}", "{" + MINIMAL.replace(":", "=") + "}", "{" + MINIMAL.replace('"', "'") + "}", "{" + MINIMAL.replace(",", ",,") + "}", "{" + MINIMAL.replace('":', '"::') + "}"))
    for byte in range(256):
        mark = bytes([byte])
        yield "a byte before", mark + event('"x":1')
        yield "a byte in a name", event('"x":1').replace(b'"x"', b'"x' + mark + b'"')
        yield "a byte in skipped text", event('"x":"y"').replace(b'"y"', b'"' + mark + b'"')
        yield "a byte in a field", event('"field":"y"').replace(b'"y"', b'"' + mark + b'"')
        yield "a byte behind a backslash", event('"field":"y"').replace(b'"y"', b'"\\' + mark + b'"')
        yield "a byte between", event('"x":1').replace(b',"x"', b"," + mark + b'"x"')
    for wrong in BAD_UTF8:
        for before, after in ((b'"field":"', b'"'), (b'"unknown":"', b'"'), (b'"', b'":1'), (b'"field":"', b'","field":null'), (b"", b'"x":1')):
            yield f"bytes {wrong.hex()}", b"{" + MINIMAL.encode() + b"," + before + wrong + after + b"}"
    for levels in (1, 2, 62, 63, 64, 65, 500, 2_000, 30_000):
        for key in ("unknown", "fee", "v", "case"):
            yield f"{levels} arrays in {key}", event(f'"{key}":' + "[" * levels + "]" * levels)
            yield f"{levels} arrays in {key}, then null", event(f'"{key}":' + "[" * levels + "]" * levels + f',"{key}":null')
            yield f"{levels} objects in {key}", event(f'"{key}":' + '{"a":' * (levels - 1) + "{}" + "}" * (levels - 1))
        yield f"{levels} arrays never closed", event('"x":' + "[" * levels)
    bare = len(event('"pad":""'))
    for length in (MAX_LENGTH - 1, MAX_LENGTH, MAX_LENGTH + 1):
        yield f"{length} bytes", event('"pad":"' + "p" * (length - bare) + '"')
        yield f"{length} bytes of white space", b" " * length


def all_of(random):
    records = list(whole_records())
    yield from (("whole", record) for record in records)
    yield from truncations(records)
    yield from two_records(records)
    yield from shapes()
    yield from keys_and_reasons(random)
    yield from every_value_everywhere()
    yield from mutants(records, random, 3_000, b'{}[]:,"\\ \t\r\n0123456789-+.eEuntrfals/Zz\x00\x1f\x7f\x80\xc3\xed\xff')

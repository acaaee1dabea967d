"""Malformed and odd MessagePack, both forms."""
import msgpack_bytes as wire
from events import FLAGS, INSTANTS, INTEGERS, KEYS, LONGEST, WORDS
from mutations import mutants, truncations, two_records

AT = 1_752_634_800_250
REQUIRED = {"source": b"\xa2hy", "case": b"\xa2c1", "at": wire.integer_forms(AT)[0]}
MAX_LENGTH = 65_536


def text(value):
    return wire.text_forms(value)[0]


def integer(value):
    return wire.integer_forms(value)[0]


def members(pairs):
    return wire.map_heads(len(pairs))[0] + b"".join(name + value for name, value in pairs)


def map_of(**values):
    return members([(text(name), value) for name, value in {**REQUIRED, **values}.items()])


def compact_of(version=b"\x01", mask=None, extra=b"", heads=0, **values):
    values = {**REQUIRED, **values}
    stated = [key for key in KEYS if values.get(key) is not None]
    bits = integer(sum(1 << KEYS.index(key) for key in stated)) if mask is None else mask
    return wire.array_heads(2 + len(stated))[heads] + version + bits + b"".join(values[key] for key in stated) + extra


def good(key):
    if key in LONGEST:
        return text("x1")
    if key in INSTANTS:
        return integer(AT)
    if key in WORDS:
        return text(WORDS[key][-1])
    return b"\xc3" if key in FLAGS else integer(7)


def whole_records():
    """Valid records with every key, in many shapes."""
    full = {key: good(key) for key in KEYS}
    yield map_of(**full)
    yield compact_of(**full)
    yield map_of(v=b"\x01", unknown=b"\x82\xa1a\x93\x01\xcb\0\0\0\0\0\0\0\0\xc4\x02xy\xa1b\xd6\xff\0\0\0\0", status=b"\xd0\x04")
    yield compact_of(at=wire.timestamp_forms(AT)[-1], kind=b"\x02", filed=text("2025-07-16T10:00:00.250+07:00"), due=b"\xc0", fee=wire.integer_forms(8000)[-1])
    yield map_of(at=wire.timestamp_forms(AT - 250)[0], parent=wire.text_forms("c0")[2], ended=wire.timestamp_forms(AT)[0], seq=wire.integer_forms(3)[4])
    yield compact_of(heads=1, **{key: b"\xc0" for key in KEYS[3:]})


def value_zoo():
    """Values of every type and width, legal and not."""
    for value in (0, 1, 3, 4, 5, 10, 11, 127, 128, 255, 65_535, 2**31, 2**32 - 1, 2**32, 10**12, 10**12 + 1, 2**63 - 1, 2**63, 2**64 - 1, -1, -32, -33, -2**63,
                  946_684_799_999, 946_684_800_000, 4_102_444_799_999, 4_102_444_800_000, 1_752_634_800):
        for form in wire.integer_forms(value):
            yield f"integer {value} as {form[0]:02x}", form
    for value in ("", "x", "case", "none", "post", "counter", "electronic", "1", "0", "true", "Sở", "x" * 31, "x" * 32, "x" * 33, "y" * 40, "y" * 41, "z" * 64, "z" * 65, "ờ" * 21, "ờ" * 22,
                  "2025-07-16T10:00:00+07:00", "2025-07-16T10:00:00", "2025-07-16T10:00:00.1234567890Z", "2000-01-01T00:00:00Z", "2000-01-01T00:00:00+00:01",
                  "2099-12-31T23:59:59.999999999Z", "2100-01-01T00:00:00Z", "2025-02-29T00:00:00Z", "2025-07-16T10:00:00+24:00", "2025-07-16T10:00:60Z", "20250716100000"):
        for form in wire.text_forms(value):
            yield f"text {value[:12]} ({len(value)}) as {form[0]:02x}", form
    for data in (b"", b"hy", b"x" * 40):
        yield "bin 8", b"\xc4" + wire.be(len(data), 1) + data
        yield "bin 16", b"\xc5" + wire.be(len(data), 2) + data
        yield "bin 32", b"\xc6" + wire.be(len(data), 4) + data
    for value in (0.0, 1.0, -1.5, float(AT), float("nan"), float("inf")):
        yield f"float 64 {value}", wire.double(value)
    yield "float 32", b"\xca\x3f\x80\0\0"
    yield from ((f"{byte:02x} alone", bytes([byte])) for byte in (0xC0, 0xC1, 0xC2, 0xC3))
    yield from container_zoo()
    yield from ext_zoo()
    yield from bad_text_zoo()


def container_zoo():
    for count in (0, 1, 2):
        for number, (array, map_) in enumerate(zip(wire.array_heads(count), wire.map_heads(count))):
            yield f"array of {count}, head {number}", array + b"\x01" * count
            yield f"map of {count}, head {number}", map_ + b"\xa1a\x01" * count
    for name in (b"\x01", b"\xc0", b"\xc2", b"\x90", b"\x80", b"\xc4\x01a", b"\xd4\x05a", b"\xca\0\0\0\0", b"\xc1"):
        yield f"map with key {name.hex()}", b"\x81" + name + b"\x01"


def ext_zoo():
    for kind in (-1, 0, 1, 127, -128, -2):
        for length in (0, 1, 2, 3, 4, 5, 8, 12, 16, 17):
            for form in wire.ext_forms(kind, b"\x68\x77\x12\x34" + b"\0" * (length - 4) if length >= 4 else b"\1" * length):
                yield f"ext {kind} of {length} as {form[0]:02x}", form
    for millis in (946_684_799_999, 946_684_800_000, AT, 4_102_444_799_999, 4_102_444_800_000, 2**32 * 1000, -1, 0):
        for form in wire.timestamp_forms(millis, 999_999 if millis > 0 else 0):
            yield f"timestamp {millis} as {form[0]:02x} of {len(form)}", form
    for nanos in (999_999_999, 1_000_000_000, 2**30 - 1):
        yield f"timestamp 64 with {nanos} ns", wire.ext_forms(-1, wire.be(nanos << 34 | AT // 1000, 8))[0]
    for nanos in (999_999_999, 1_000_000_000, 2**32 - 1):
        yield f"timestamp 96 with {nanos} ns", wire.ext_forms(-1, wire.be(nanos, 4) + wire.be(AT // 1000, 8))[0]
    for seconds in (-1, -2**63, 2**63 - 1, 2**34):
        yield f"timestamp 96 with {seconds} s", wire.ext_forms(-1, wire.be(0, 4) + wire.be(seconds, 8))[0]


def bad_text_zoo():
    for data in (b"\x80", b"\xc3", b"\xc0\x80", b"\xc1\xbf", b"\xe0\x80\x80", b"\xed\xa0\x80", b"\xed\xbf\xbf", b"\xf0\x80\x80\x80", b"\xf4\x90\x80\x80", b"\xf5\x80\x80\x80",
                 b"\xfe", b"\xff", b"\xe1\xbb", b"a\x00", b"\xef\xbb\xbf", b"\xf4\x8f\xbf\xbf"):
        for form in wire.text_forms(data):
            yield f"text {data.hex()} as {form[0]:02x}", form


def every_value_everywhere():
    for name in ["v", *KEYS, "unknown"]:
        for why, value in value_zoo():
            yield f"{name} in a map: {why}", map_of(**{name: value})
            if name in KEYS:
                yield f"{name} in an array: {why}", compact_of(**{name: value})
    for why, value in value_zoo():
        yield f"v in an array: {why}", compact_of(version=value)
        yield f"mask: {why}", compact_of(mask=value)
        yield f"a map's key: {why}", members([(text(key), one) for key, one in REQUIRED.items()] + [(value, b"\x01")])
        yield f"the record: {why}", value


def shapes():
    for byte in range(256):
        yield "one byte", bytes([byte])
        yield "first byte before a map", bytes([byte]) + map_of()
        yield "first byte instead", bytes([byte]) + map_of()[1:]
        yield "first byte instead", bytes([byte]) + compact_of()[1:]
        yield "first byte and zeroes", bytes([byte]) + b"\0" * 40
    yield "nothing", b""
    for head in (b"\xdc", b"\xdd", b"\xde", b"\xdf"):
        width = 2 if head in (b"\xdc", b"\xde") else 4
        for length in (0, 1, 3, 15, 16, 255, 65_535, 2**31 - 1, 2**31, 2**32 - 1):
            if length < 1 << (8 * width):
                yield f"{head.hex()} says {length}", head + wire.be(length, width) + (map_of() if head >= b"\xde" else compact_of())[1:]
    for mark, width in ((0xC4, 1), (0xC5, 2), (0xC6, 4), (0xD9, 1), (0xDA, 2), (0xDB, 4), (0xC7, 1), (0xC8, 2), (0xC9, 4), (0xDC, 2), (0xDD, 4), (0xDE, 2), (0xDF, 4)):
        for length in sorted({length for length in (1, 2, 3, 4, 5, 30, 255, 256, 65_535, 65_536, 2**24, 2**31 - 1, 2**31, 2**32 - 2, 2**32 - 1) if length < 1 << (8 * width)}):
            for name in ("unknown", "case", "at", "fee"):
                yield f"{name}: {mark:02x} says {length}", map_of(**{name: bytes([mark]) + wire.be(length, width) + b"abc"})
    yield from depths()
    yield from sizes()


def depths():
    for levels in (1, 2, 61, 62, 63, 64, 65, 200, 5_000, 60_000):
        for why, one in (("arrays", b"\x91"), ("maps", b"\x81\xa1a"), ("maps as keys", b"\x81"), ("array 32", b"\xdd\0\0\0\1")):
            for name in ("unknown", "fee", "v"):
                closing = b"\xc0" * (levels + 1) if one == b"\x81" else b"\xc0"
                yield f"{levels} {why} in {name}", map_of(**{name: one * levels + closing})
            yield f"{levels} {why} in an array's fee", compact_of(fee=one * levels + closing)
        yield f"{levels} arrays, the last empty", map_of(unknown=b"\x91" * (levels - 1) + b"\x90")
        yield f"{levels} arrays as the record", b"\x91" * levels


def sizes():
    bare = len(map_of(pad=b"\xda\0\0"))
    for length in (MAX_LENGTH - 1, MAX_LENGTH, MAX_LENGTH + 1):
        yield f"a map of {length} bytes", map_of(pad=b"\xda" + wire.be(length - bare, 2) + b"p" * (length - bare))
        yield f"{length} bytes of nothing", b"\xc1" * length
    yield "an array of 65,536 bytes", compact_of(fee=b"\xc4\x01x") + b"\0" * (MAX_LENGTH - len(compact_of(fee=b"\xc4\x01x")))


def keys_and_reasons(random):
    for key in KEYS:
        bad, fine = b"\x90", good(key)
        pairs = [(text(name), value) for name, value in REQUIRED.items() if name != key]
        yield f"{key} twice, the last is good", members([(text(key), bad), *pairs, (text(key), fine)])
        yield f"{key} twice, the last is bad", members([(text(key), fine), *pairs, (text(key), bad)])
        yield f"{key} twice, the last is null", members([(wire.text_forms(key)[-1], bad), *pairs, (text(key), b"\xc0")])
        yield f"{key} as bin beside the good one", members([*pairs, (text(key), fine), (b"\xc4" + wire.be(len(key), 1) + key.encode(), bad)])
        yield f"{key} is absent", members(pairs)
        for name in (key.upper(), key + " ", key + "\0", key[:-1], key + "\u0301"):
            yield f"a name like {key}", members([*pairs, (text(key), fine), (text(name), bad)])
        for form in wire.text_forms(key):
            yield f"{key} as {form[0]:02x}", members([*pairs, (form, fine)])
    for _ in range(600):
        chosen = random.sample(KEYS, random.randint(1, 8))
        values = {key: random.choice((b"\x90", b"\xc0", b"\xc4\0", good(key), b"\xc0")) for key in chosen}
        version = random.choice((b"\x01", b"\x01", b"\xc0", b"\x02"))
        yield "many faults in a map", map_of(**({"v": version} | values))
        yield "many faults in an array", compact_of(version=version, **values)


def masks():
    values = [b"\xa2hy", b"\xa2c1", REQUIRED["at"], b"\xc0", b"\xc0", b"\xc0", b"\xc0"]

    def array(mask, count):
        return wire.array_heads(2 + count)[0] + b"\x01" + mask + b"".join(values[:count])

    for bit in range(64):
        yield f"bit {bit} without a value", array(integer(7 | 1 << bit), 3)
        yield f"bit {bit} and a value", array(integer(7 | 1 << bit), 4)
    for mask in (0, 1, 2, 3, 4, 5, 6, 7, 2**28 - 1, 2**28, 2**32 - 1, 2**32, 2**32 + 7, 2**63, 2**64 - 1, -1, -7):
        for form in wire.integer_forms(mask):
            for count in range(7):
                yield f"mask {mask} as {form[0]:02x} with {count} values", array(form, count)
    for version in (b"\x02", b"\x00", b"\xc0", b"\xa11", b"\xca\x3f\x80\0\0", b"\xd3\0\0\0\0\0\0\0\1"):
        for rest in ((), (b"\x07",), (b"\x07", b"\xa2hy", b"\xa2c1"), (b"\xce\x10\0\0\0", b"\xc0"), (b"\xa1x",), (b"\xc0",)):
            yield f"version {version.hex()} and an odd rest", wire.array_heads(1 + len(rest))[0] + version + b"".join(rest)


def all_of(random):
    records = list(whole_records())
    yield from (("whole", record) for record in records)
    yield from truncations(records)
    yield from two_records(records)
    yield from shapes()
    yield from masks()
    yield from keys_and_reasons(random)
    yield from every_value_everywhere()
    yield from mutants(records, random, 4_000, bytes(range(0x80, 0x100)) + b"\x00\x01\x7f")

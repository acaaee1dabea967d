"""Spec section 2 from its page alone: the keys of an event, what their values may be, and which reason goes first.

Values are judged in a neutral form that every reader produces: None, bool, int, str, list (array), Pairs (object or map)
and Odd (anything no known key can hold: a fraction, binary, a float). Timestamps of MessagePack are Ext.
"""
import calendar
import json
import re

MAX_RECORD = 65_536
MAX_DEPTH = 64
EARLIEST = 946_684_800_000
END = 4_102_444_800_000
FUTURE_TOLERANCE = 600_000

KEYS = (
    "source case at seq kind status procedure field receiving handling channel filed accepted due ended fee waived paid_via "
    "result signed returned presence digitised reused vneid synced satisfied parent components_signed result_digitised stored result_synced").split()
WORDS = {
    "kind": "case feedback publication".split(),
    "channel": "counter online post".split(),
    "paid_via": "none national local counter".split(),
    "result": "none paper electronic not_required".split(),
    "returned": "none online post counter".split(),
    "presence": "none visit paper on_site".split(),
}
LONGEST = {"source": 32, "case": 64, "procedure": 40, "field": 40, "receiving": 32, "handling": 32, "parent": 64}
INTEGERS = {"seq": (0, 2**63 - 1), "status": (1, 10), "fee": (0, 10**12)}
INSTANTS = {"at", "filed", "accepted", "due", "ended"}
FLAGS = {"waived", "signed", "digitised", "reused", "vneid", "synced", "satisfied", "components_signed", "result_digitised", "stored", "result_synced"}

INSTANT = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):(\d\d))", re.ASCII)


class Pairs(list):
    """An object or map: (name, value) in order of appearance. Names that are no strings are kept, and nobody asks for them."""

    def last(self, wanted):
        return {name: value for name, value in self if isinstance(name, str) and name in wanted}


class Odd:
    """A legal value that no known key can hold."""


class Ext:
    def __init__(self, kind, data):
        self.kind, self.data = kind, data


class Malformed(Exception):
    """Not legal, or too deep."""


class BadValue(Exception):
    """A legal value a key cannot hold."""


def millis_of(year, month, day, hour, minute, second, fraction=0, offset_minutes=0):
    """Milliseconds since 1970 UTC of a civil time; BadValue when there is no such time or it is out of range."""
    if not (1 <= year <= 9999 and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]):
        raise BadValue
    if hour > 23 or minute > 59 or second > 59:
        raise BadValue
    seconds = calendar.timegm((year, month, day, hour, minute, second)) if year >= 1970 else -1
    return in_range(seconds * 1000 + fraction - offset_minutes * 60_000)


def in_range(millis):
    if not EARLIEST <= millis < END:
        raise BadValue
    return millis


def instant_of_text(text, default_offset=None):
    """RFC 3339 with an offset, truncated to the millisecond; the offset may lack where a default (in minutes) is given."""
    match = INSTANT.fullmatch(text)
    if not match and default_offset is not None:
        match = INSTANT.fullmatch(text + "Z")
        offset = default_offset
    else:
        offset = 0
    if not match:
        raise BadValue
    if match[8]:
        hours, minutes = int(match[9]), int(match[10])
        if hours > 23 or minutes > 59:
            raise BadValue
        offset = (hours * 60 + minutes) * (-1 if match[8] == "-" else 1)
    fraction = int(((match[7] or "") + "000")[:3])
    return millis_of(*(int(match[i]) for i in range(1, 7)), fraction, offset)


def instant_of_ext(ext):
    """The timestamp extension type of the MessagePack specification: 32, 64 or 96 bits of data."""
    data = ext.data
    if ext.kind != -1:
        raise BadValue
    if len(data) == 4:
        seconds, nanos = int.from_bytes(data, "big"), 0
    elif len(data) == 8:
        whole = int.from_bytes(data, "big")
        seconds, nanos = whole & (2**34 - 1), whole >> 34
    elif len(data) == 12:
        nanos, seconds = int.from_bytes(data[:4], "big"), int.from_bytes(data[4:], "big", signed=True)
    else:
        raise BadValue
    if nanos > 999_999_999:
        raise BadValue
    return in_range(seconds * 1000 + nanos // 1_000_000)


def text_of(key, value):
    """A text key's value; None when empty text means null."""
    if not isinstance(value, str):
        raise BadValue
    try:
        length = len(value.encode("utf-8"))
    except UnicodeEncodeError:
        raise BadValue from None
    if length > LONGEST[key] or (length == 0 and key in ("source", "case")):
        raise BadValue
    return value or None


def is_integer(value):
    return isinstance(value, int) and not isinstance(value, bool)


def value_of(key, value, packed):
    """What a key's value means; `packed` says whether MessagePack's shorthands for words and instants are open to it."""
    if key in LONGEST:
        return text_of(key, value)
    if key in INTEGERS:
        if is_integer(value) and INTEGERS[key][0] <= value <= INTEGERS[key][1]:
            return value
    elif key in WORDS:
        if isinstance(value, str) and value in WORDS[key]:
            return value
        if packed and is_integer(value) and 0 <= value < len(WORDS[key]):
            return WORDS[key][value]
    elif key in INSTANTS:
        if isinstance(value, str):
            return instant_of_text(value)
        if packed and is_integer(value):
            return in_range(value)
        if packed and isinstance(value, Ext):
            return instant_of_ext(value)
    elif isinstance(value, bool):
        return value
    raise BadValue


def known(arrival):
    """A record's timestamp outside of the instants that events may carry says nothing; Kafka's -1 is one of them."""
    return arrival if arrival is not None and EARLIEST <= arrival < END else None


def judge_keys(last, packed, arrival=None, sources=()):
    """(verdict, values) of the last value of every known key."""
    version = last.get("v")
    if version is not None and not (is_integer(version) and version == 1):
        return "unsupported_version", {}
    for key in KEYS[:3]:
        if last.get(key) is None:
            return "missing:" + key, {}
    values = {}
    for key in KEYS:
        if key in last:
            try:
                values[key] = None if last[key] is None else value_of(key, last[key], packed)
            except BadValue:
                return "bad_value:" + key, {}
    if known(arrival) is not None and values["at"] > arrival + FUTURE_TOLERANCE:
        return "from_the_future", {}
    if sources and values["source"] not in sources:
        return "unknown_source", {}
    return "accepted", values


def read_json(record):
    """One JSON object as Pairs, judged by the standard library's parser with its liberties taken away."""
    try:
        text = record.decode("utf-8")
        value = json.loads(text, object_pairs_hook=Pairs, parse_float=lambda _: Odd(), parse_int=_integer, parse_constant=_constant)
    except (ValueError, RecursionError):
        raise Malformed from None
    if not isinstance(value, Pairs):
        raise Malformed
    # Cheap first: a record with fewer brackets than levels cannot be too deep.
    if record.count(b"{") + record.count(b"[") > MAX_DEPTH:
        check_depth(value, 1)
    return value


def check_depth(value, level):
    if isinstance(value, list):
        if level > MAX_DEPTH:
            raise Malformed
        for item in value:
            if isinstance(value, Pairs):
                check_depth(item[0], level + 1)
                item = item[1]
            check_depth(item, level + 1)


def _integer(text):
    # More digits than any key can hold; Python would refuse to read thousands of them.
    return int(text) if len(text) <= 30 else 10**30


def _constant(_):
    raise ValueError("no JSON")

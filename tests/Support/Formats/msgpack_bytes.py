"""MessagePack by hand, from its specification: a reader that trusts nothing, and a writer that can be told every width.

The reader gives the neutral values of events.py. It shares nothing with python3-msgpack, which checks both (see convert.py).
"""
import struct

from events import Ext, Malformed, MAX_DEPTH, Odd, Pairs


class Reader:
    def __init__(self, record):
        self.record, self.place = record, 0

    def whole(self):
        """The one value that a record must be."""
        value = self.value(1)
        if self.place != len(self.record):
            raise Malformed
        return value

    def take(self, count):
        if count > len(self.record) - self.place:
            raise Malformed
        self.place += count
        return self.record[self.place - count:self.place]

    def number(self, count, signed=False):
        return int.from_bytes(self.take(count), "big", signed=signed)

    def value(self, level):
        first = self.number(1)
        if first <= 0x7F:
            return first
        if first <= 0x8F:
            return self.pairs(first & 0x0F, level)
        if first <= 0x9F:
            return self.items(first & 0x0F, level)
        if first <= 0xBF:
            return self.text(first & 0x1F)
        if first >= 0xE0:
            return first - 0x100
        return self.marked(first, level)

    def marked(self, first, level):
        if first == 0xC0:
            return None
        if first == 0xC1:
            raise Malformed
        if first <= 0xC3:
            return first == 0xC3
        if first <= 0xC6:
            self.take(self.number(1 << (first - 0xC4)))
            return Odd()
        if first <= 0xC9:
            return self.ext(self.number(1 << (first - 0xC7)))
        if first <= 0xCB:
            self.take(4 if first == 0xCA else 8)
            return Odd()
        if first <= 0xCF:
            return self.number(1 << (first - 0xCC))
        if first <= 0xD3:
            return self.number(1 << (first - 0xD0), signed=True)
        if first <= 0xD8:
            return self.ext(1 << (first - 0xD4))
        if first <= 0xDB:
            return self.text(self.number(1 << (first - 0xD9)))
        if first <= 0xDD:
            return self.items(self.number(2 if first == 0xDC else 4), level)
        return self.pairs(self.number(2 if first == 0xDE else 4), level)

    def text(self, count):
        try:
            return self.take(count).decode("utf-8")
        except UnicodeDecodeError:
            raise Malformed from None

    def ext(self, count):
        kind = self.number(1, signed=True)
        return Ext(kind, self.take(count))

    def room(self, least, level):
        # Every value has a byte: a length that lies is seen before anything is made for it.
        if level > MAX_DEPTH or least > len(self.record) - self.place:
            raise Malformed

    def items(self, count, level):
        self.room(count, level)
        return [self.value(level + 1) for _ in range(count)]

    def pairs(self, count, level):
        self.room(2 * count, level)
        return Pairs((self.key(level + 1), self.value(level + 1)) for _ in range(count))

    def key(self, level):
        """No event has a map or an array for a key: one there is a value that a damaged head swallowed."""
        name = self.value(level)
        if isinstance(name, (list, Pairs)):
            raise Malformed
        return name


def be(value, count):
    return (value % (1 << (8 * count))).to_bytes(count, "big")


def integer_forms(value):
    """Every legal form of an integer, the shortest first."""
    forms = []
    if 0 <= value <= 0x7F or -32 <= value < 0:
        forms.append(be(value, 1))
    for power in range(4):
        bits = 8 << power
        if 0 <= value < 1 << bits:
            forms.append(bytes([0xCC + power]) + be(value, bits // 8))
        if -(1 << (bits - 1)) <= value < 1 << (bits - 1):
            forms.append(bytes([0xD0 + power]) + be(value, bits // 8))
    return forms


def text_forms(value):
    data = value.encode("utf-8") if isinstance(value, str) else value
    forms = [bytes([0xA0 | len(data)]) + data] if len(data) < 32 else []
    return forms + [bytes([0xD9 + power]) + be(len(data), 1 << power) + data for power in range(3) if len(data) < 1 << (8 << power)]


def map_heads(count):
    return ([bytes([0x80 | count])] if count < 16 else []) + [b"\xde" + be(count, 2), b"\xdf" + be(count, 4)]


def array_heads(count):
    return ([bytes([0x90 | count])] if count < 16 else []) + [b"\xdc" + be(count, 2), b"\xdd" + be(count, 4)]


def ext_forms(kind, data):
    forms = [bytes([0xD4 + power]) + be(kind, 1) + data for power in range(5) if len(data) == 1 << power]
    return forms + [bytes([0xC7 + power]) + be(len(data), 1 << power) + be(kind, 1) + data for power in range(3) if len(data) < 1 << (8 << power)]


def timestamp_forms(millis, nanos_below=0):
    """The timestamp extension in all its sizes; those without room for the fraction are left out."""
    seconds, nanos = millis // 1000, millis % 1000 * 1_000_000 + nanos_below
    sizes = [be(seconds, 4)] if nanos == 0 and 0 <= seconds < 2**32 else []
    if 0 <= seconds < 2**34:
        sizes.append(be(nanos << 34 | seconds, 8))
    sizes.append(be(nanos, 4) + be(seconds, 8))
    return [form for data in sizes for form in ext_forms(-1, data)]


def double(value):
    return b"\xcb" + struct.pack(">d", value)


def binary(data):
    return b"\xc4" + be(len(data), 1) + data

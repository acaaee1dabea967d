#!/usr/bin/env python3
"""Rewrites events from one form of spec section 2 into another.

    convert.py --to map|compact|national|native-national|ndjson [--style plain|random] [--seed N] [--frame length] < events > events

Reads native NDJSON, or MessagePack records one behind the other, and tells them apart by the first byte; `--framed` reads records that
each stand behind their length (four bytes, big-endian), which is what `--frame length` writes. Records that are no valid events are left
out and counted on standard error. `plain` is what python3-msgpack writes by itself; `random` uses every legal form of every value, chosen by the seed.
`national` and `native-national` with one seed say the same, so their figures and fingerprints are equal.
"""
import argparse
import io
import sys
from random import Random

import msgpack

import msgpack_bytes as wire
from events import INSTANTS, KEYS, Pairs, read_json, WORDS
from national import dump, restrict, stamp
from oracle import form_of, judge, KNOWN, last_values

MARK = b"\xef\xbb\xbf"


class Options(argparse.ArgumentParser):
    def __init__(self):
        super().__init__(description="Rewrites events from one form of the contract into another.")
        self.add_argument("--to", required=True, choices=("map", "compact", "national", "native-national", "ndjson"))
        self.add_argument("--style", default="plain", choices=("plain", "random"))
        self.add_argument("--seed", type=int, default=1)
        self.add_argument("--frame", choices=("length",), help="write every record behind its length, and nothing between records")
        self.add_argument("--framed", action="store_true", help="the records read are framed like that")


def records_of(data, framed):
    """The records of a stream in their order."""
    if framed:
        while head := data.read(4):
            yield data.read(int.from_bytes(head, "big"))
        return
    if data.peek(3)[:3] == MARK:
        data.read(3)
    if form_of(data.peek(1)[:1]) == "json":
        yield from (line.removesuffix(b"\n") for line in data if line.strip(b" \t\r\n"))
        return
    rest = data.read()
    unpacker = msgpack.Unpacker(io.BytesIO(rest), raw=True, strict_map_key=False, max_buffer_size=0)
    end = 0
    while end < len(rest):
        unpacker.skip()
        start, end = end, unpacker.tell()
        yield rest[start:end]


def is_shown(value):
    """Whether a value of an unknown key can be said in every form: no fraction, no lone surrogate, no huge number, no binary."""
    if isinstance(value, Pairs):
        return all(isinstance(name, str) and is_shown(name) and is_shown(item) for name, item in value)
    if isinstance(value, list):
        return all(map(is_shown, value))
    if isinstance(value, str):
        return not any("\ud800" <= letter <= "\udfff" for letter in value)
    return value is None or isinstance(value, bool) or (isinstance(value, int) and -2**63 <= value < 2**64)


def plain(value):
    return {name: plain(item) for name, item in value} if isinstance(value, Pairs) else [plain(item) for item in value] if isinstance(value, list) else value


def unknown_keys(record):
    value = read_json(record) if form_of(record) == "json" else wire.Reader(record).whole()
    pairs = value if isinstance(value, Pairs) else []
    return [(name, plain(item)) for name, item in pairs if isinstance(name, str) and name not in KNOWN and is_shown(name) and is_shown(item)]


def packed(value, random):
    """Any value in any legal form."""
    if isinstance(value, bool) or value is None:
        return {None: b"\xc0", False: b"\xc2", True: b"\xc3"}[value]
    if isinstance(value, int):
        return random.choice(wire.integer_forms(value))
    if isinstance(value, str):
        return random.choice(wire.text_forms(value))
    if isinstance(value, dict):
        return random.choice(wire.map_heads(len(value))) + b"".join(packed(part, random) for pair in value.items() for part in pair)
    return random.choice(wire.array_heads(len(value))) + b"".join(packed(item, random) for item in value)


def packed_key(key, value, written, random):
    """A known key's value: words as strings or positions, instants as text, milliseconds or timestamps."""
    if value is not None and key in WORDS and random.random() < 0.5:
        return packed(WORDS[key].index(value), random)
    if value is not None and key in INSTANTS:
        way = random.randrange(3)
        if way < 2:
            return packed(value, random) if way else random.choice(wire.timestamp_forms(value, random.choice((0, 0, 999_999))))
        return packed(written if isinstance(written, str) else rfc(value), random)
    return packed(value, random)


def rfc(millis):
    return stamp(millis, "Z")[0]


def plain_value(key, value):
    return rfc(value) if value is not None and key in INSTANTS else value


def to_map(record, values, last, options, random):
    if options.style == "plain":
        members = {key: plain_value(key, value) for key, value in values.items()}
        return msgpack.packb(members | dict(unknown_keys(record)))
    members = [(packed(key, random), packed_key(key, value, last[key], random)) for key, value in values.items()]
    members += [(packed(name, random), packed(item, random)) for name, item in unknown_keys(record)]
    if random.random() < 0.3:
        members.append((random.choice((b"\x07", b"\xc0", b"\xc3", b"\xc4\x04case", b"\xd6\xff\0\0\0\0")), packed({"at": [None]}, random)))
    if random.random() < 0.3:
        members.append((packed("v", random), random.choice((b"\xc0", *wire.integer_forms(1)))))
    random.shuffle(members)
    return random.choice(wire.map_heads(len(members))) + b"".join(part for member in members for part in member)


def to_compact(values, last, options, random):
    stated = [key for key in KEYS if key in values]
    mask = sum(1 << KEYS.index(key) for key in stated)
    if options.style == "plain":
        return msgpack.packb([1, mask] + [value if (value := values[key]) is None or key not in WORDS else WORDS[key].index(value) for key in stated])
    parts = [random.choice(wire.integer_forms(1)), random.choice(wire.integer_forms(mask))]
    parts += [packed_key(key, values[key], last[key], random) for key in stated]
    return random.choice(wire.array_heads(len(parts))) + b"".join(parts)


def to_ndjson(values):
    return dump({key: plain_value(key, value) for key, value in values.items()})


def rewrite(record, number, options):
    """The record in the other form; None when it is no valid event."""
    verdict, values = judge(record)
    if verdict != "accepted":
        return None
    random = Random(f"{options.seed} {number}")
    if options.to in ("national", "native-national"):
        payload, native = restrict(values, random)
        return dump(payload) if options.to == "national" else to_ndjson(native)
    if options.to == "ndjson":
        return to_ndjson(values)
    last = last_values(record)[0]
    result = to_map(record, values, last, options, random) if options.to == "map" else to_compact(values, last, options, random)
    if number % 64 == 0:
        # python3-msgpack must be able to read what was written by hand.
        msgpack.unpackb(result, raw=False, strict_map_key=False, object_pairs_hook=list, ext_hook=msgpack.ExtType, timestamp=0)
    return result


def main():
    options = Options().parse_args()
    left_out = 0
    for number, record in enumerate(records_of(sys.stdin.buffer, options.framed)):
        result = rewrite(record, number, options)
        if result is None:
            left_out += 1
            continue
        if options.frame:
            sys.stdout.buffer.write(len(result).to_bytes(4, "big"))
        sys.stdout.buffer.write(result)
        if not options.frame and options.to not in ("map", "compact"):
            sys.stdout.buffer.write(b"\n")
    if left_out:
        print(f"convert.py: {left_out} records are no valid events and were left out", file=sys.stderr)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""What becomes of a record, by spec section 2: `accepted` or the reason, told apart by the first byte.

    oracle.py [--national] [--arrival MS] < lines of base64 > lines of verdicts

The compact array is judged for its shape before its version, because `malformed` goes first: an array without `v` and mask, a mask
that is no integer from 0 to 2^32-1, more or fewer values than bits. The width of an integer never matters, only its value.
"""
import argparse
import base64
import sys

from events import is_integer, judge_keys, KEYS, Malformed, MAX_RECORD, Pairs, read_json
from msgpack_bytes import Reader

KNOWN = set(KEYS) | {"v"}


def form_of(record):
    first = record[0] if record else 0
    if 0x80 <= first <= 0x8F or first in (0xDE, 0xDF):
        return "map"
    return "compact" if 0x90 <= first <= 0x9F or first in (0xDC, 0xDD) else "json"


def compact_keys(items):
    if len(items) < 2 or not is_integer(items[1]) or not 0 <= items[1] < 1 << len(KEYS):
        raise Malformed
    stated = [key for bit, key in enumerate(KEYS) if items[1] >> bit & 1]
    if len(stated) != len(items) - 2:
        raise Malformed
    return {"v": items[0], **dict(zip(stated, items[2:]))}


def last_values(record):
    """The last value of every known key, and whether MessagePack's shorthands are open to it."""
    form = form_of(record)
    if form == "json":
        return read_json(record).last(KNOWN), False
    value = Reader(record).whole()
    return (value.last(KNOWN) if isinstance(value, Pairs) else compact_keys(value)), True


def judge(record, arrival=None, sources=()):
    """(verdict, values)."""
    if len(record) > MAX_RECORD:
        return "too_large", {}
    try:
        last, packed = last_values(record)
    except Malformed:
        return "malformed", {}
    return judge_keys(last, packed, arrival, sources)


def main():
    options = argparse.ArgumentParser(description="Verdicts of spec section 2 on records given as lines of base64.")
    options.add_argument("--national", action="store_true", help="the records are national payloads under the shipped profile")
    options.add_argument("--arrival", type=int, help="when the records arrived, milliseconds since 1970 UTC")
    chosen = options.parse_args()
    from national import judge_payload
    for line in sys.stdin:
        record = base64.b64decode(line)
        print(judge_payload(record, chosen.arrival) if chosen.national else judge(record, chosen.arrival)[0])


if __name__ == "__main__":
    main()

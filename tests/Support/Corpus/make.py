#!/usr/bin/env python3
"""Makes the corpus beside it again: malformed and odd inputs of every form, each with the verdict of spec section 2.

    make.py [FOLDER]

Writes `json.txt.gz`, `msgpack.txt.gz` and `national.txt.gz`, lines of `base64 TAB verdict TAB why`. The verdicts come from Formats/oracle.py;
nothing here looks at what the program says. The same seed gives the same lines.
"""
import base64
import gzip
import os
import sys
from random import Random

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "Formats"))

import json_inputs
import msgpack_inputs
import national_inputs
from national import judge_payload
from oracle import judge

SEED = 20250701
# The records' timestamp, which is `at` of a national payload: 2025-07-16T03:00:00Z.
ARRIVAL = 1_752_634_800_000


def write(path, inputs, verdict_of):
    seen, lines = set(), []
    for why, record in inputs:
        if record not in seen:
            seen.add(record)
            lines.append(f"{base64.b64encode(record).decode()}\t{verdict_of(record)}\t{why}\n")
    with open(path, "wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        packed.write("".join(lines).encode())
    print(f"{os.path.basename(path)}: {len(lines)} inputs, {os.path.getsize(path)} bytes")


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else HERE
    write(os.path.join(folder, "json.txt.gz"), json_inputs.all_of(Random(SEED)), lambda record: judge(record)[0])
    write(os.path.join(folder, "msgpack.txt.gz"), msgpack_inputs.all_of(Random(SEED)), lambda record: judge(record)[0])
    write(os.path.join(folder, "national.txt.gz"), national_inputs.all_of(Random(SEED)), lambda record: judge_payload(record, ARRIVAL))


if __name__ == "__main__":
    main()

"""Chance damage to a record, whatever its form."""


def truncations(records):
    for number, record in enumerate(records):
        for length in range(len(record)):
            yield f"truncated {number}", record[:length]


def mutants(records, random, count, marks):
    """Records with one to three changes: bits flipped, bytes put in, taken out or replaced by `marks`, pieces of others spliced in."""
    for _ in range(count):
        record, why = random.choice(records), []
        for _ in range(random.randint(1, 3)):
            record, how = change(record, records, random, marks)
            why.append(how)
        yield "mutant: " + ", ".join(why), record


def change(record, records, random, marks):
    place, how = random.randrange(len(record) + 1), random.randrange(6)
    rest = record[place:]
    if how == 0 and rest:
        return record[:place] + bytes([rest[0] ^ 1 << random.randrange(8)]) + rest[1:], "bit flipped"
    if how == 1:
        return record[:place] + bytes([random.choice(marks)]) + rest, "byte put in"
    if how == 2:
        return record[:place] + rest[random.randint(1, 4):], "bytes taken out"
    if how == 3:
        return record[:place] + bytes([random.choice(marks)]) + rest[1:], "byte replaced"
    other = random.choice(records)
    start = random.randrange(len(other))
    piece = other[start:start + random.randint(1, 24)]
    if how == 4:
        return record[:place] + piece + rest, "piece put in"
    return record[:place] + piece + rest[len(piece):], "piece replaced"


def two_records(records):
    for number, record in enumerate(records):
        yield f"two records {number}", record + record
        for tail in (b"\x00", b" ", b"\n", b"\xc0", b"{}", b"\x80", b"\xc1"):
            yield f"tail {tail.hex()} behind {number}", record + tail

namespace KpiStream.Tests.Support.Oracle;

/// <summary>
/// Damages records of any form: bits flipped, bytes put in and taken out, pieces of other records spliced in, ends cut off, lengths that lie.
/// </summary>
public sealed class RecordMutator(IReadOnlyList<byte[]> records, int seed)
{
    private static readonly byte[] Marks = [.. Enumerable.Range(0x80, 0x80).Select(mark => (byte)mark), 0, 1, 0x20, 0x22, 0x2C, 0x30, 0x5C, 0x7B, 0x7D, 0x7F];

    // Heads that announce a length, and the bytes that length has.
    private static readonly (byte Head, int Bytes)[] Lengths =
    [
        (0xC4, 1), (0xC5, 2), (0xC6, 4), (0xC7, 1), (0xC8, 2), (0xC9, 4), (0xD9, 1), (0xDA, 2), (0xDB, 4), (0xDC, 2), (0xDD, 4), (0xDE, 2), (0xDF, 4),
    ];

    private readonly Random random = new(seed);

    /// <summary>The next record: one of those given with none to three changes.</summary>
    public byte[] Next()
    {
        var record = Pick(records);
        for (var changes = random.Next(4); changes > 0; changes--)
        {
            record = Change(record);
        }

        return record;
    }

    private byte[] Change(byte[] record)
    {
        var place = random.Next(record.Length + 1);
        var rest = record.Length - place;
        switch (random.Next(8))
        {
            case 0 when rest > 0:
                return Replace(record, place, 1, [(byte)(record[place] ^ (1 << random.Next(8)))]);
            case 1:
                return Replace(record, place, 0, [Pick(Marks)]);
            case 2:
                return Replace(record, place, Math.Min(1, rest), [Pick(Marks)]);
            case 3:
                return Replace(record, place, Math.Min(rest, random.Next(1, 5)), []);
            case 4:
                return record[..place];
            case 5:
                var (head, bytes) = Pick(Lengths);
                var length = new byte[bytes];
                random.NextBytes(length);
                return Replace(record, place, Math.Min(rest, random.Next(1 + bytes)), [head, .. length]);
            default:
                var other = Pick(records);
                var from = random.Next(other.Length);
                var piece = other.AsSpan(from, Math.Min(other.Length - from, random.Next(1, 40)));
                return Replace(record, place, random.Next(2) == 0 ? 0 : Math.Min(rest, piece.Length), piece);
        }
    }

    private static byte[] Replace(byte[] record, int place, int length, ReadOnlySpan<byte> by) =>
        [.. record.AsSpan(0, place), .. by, .. record.AsSpan(place + length)];

    private T Pick<T>(IReadOnlyList<T> list) => list[random.Next(list.Count)];
}

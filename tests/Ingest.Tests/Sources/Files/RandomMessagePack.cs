namespace KpiStream.Ingest.Tests.Sources.Files;

/// <summary>Random MessagePack values of every family and width, written from the format's table by hand.</summary>
internal static class RandomMessagePack
{
    public static byte[] Value(Random random, int depth = 0) => random.Next(depth > 3 ? 9 : 13) switch
    {
        0 => [(byte)random.Next(0x80)],
        1 => [(byte)random.Next(0xe0, 0x100)],
        2 => [(byte)(0xc0 + (random.Next(2) * 2))],
        3 => [(byte)(0xca + random.Next(2)) is var head ? head : (byte)0, .. Bytes(random, head == 0xca ? 4 : 8)],
        4 => [(byte)(0xcc + random.Next(8)) is var head ? head : (byte)0, .. Bytes(random, 1 << ((head - 0xcc) & 3))],
        5 => Text(random),
        6 => Sized(random, 0xc4, random.Next(90), extra: 0),
        7 => [(byte)(0xd4 + random.Next(5)) is var head ? head : (byte)0, .. Bytes(random, 1 + (1 << (head - 0xd4)))],
        8 => Sized(random, 0xc7, random.Next(90), extra: 1),
        9 => [(byte)(0x90 | random.Next(5)) is var head ? head : (byte)0, .. Many(random, head & 15, depth)],
        10 => [(byte)(0x80 | random.Next(3)) is var head ? head : (byte)0, .. Many(random, 2 * (head & 15), depth)],
        11 => random.Next(6) is var count
            && random.Next(2) == 0 ? [0xdc, 0, (byte)count, .. Many(random, count, depth)] : [0xdd, 0, 0, 0, (byte)count, .. Many(random, count, depth)],
        _ => random.Next(3) is var pairs && random.Next(2) == 0 ? [0xde, 0, (byte)pairs, .. Many(random, 2 * pairs, depth)]
            : [0xdf, 0, 0, 0, (byte)pairs, .. Many(random, 2 * pairs, depth)],
    };

    private static byte[] Text(Random random)
    {
        var length = random.Next(90);
        return length < 32 && random.Next(2) == 0 ? [(byte)(0xa0 | length), .. Bytes(random, length)] : Sized(random, 0xd9, length, extra: 0);
    }

    /// <summary>A head with a length of one, two or four bytes, all of which may be wider than need be.</summary>
    private static byte[] Sized(Random random, int head, int length, int extra)
    {
        var step = random.Next(3);
        byte[] width = step == 0 ? [(byte)length] : step == 1 ? [0, (byte)length] : [0, 0, 0, (byte)length];
        return [(byte)(head + step), .. width, .. Bytes(random, length + extra)];
    }

    private static byte[] Many(Random random, int count, int depth) => Enumerable.Range(0, count).SelectMany(_ => Value(random, depth + 1)).ToArray();

    private static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}

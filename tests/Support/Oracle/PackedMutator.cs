using System.Buffers;
using KpiStream.Engine.Codecs;
using MessagePack;

namespace KpiStream.Tests.Support.Oracle;

/// <summary>
/// Changes real MessagePack events in ways that most often leave them legal: values swapped for awkward ones, keys added, dropped, repeated and moved,
/// heads in other widths, masks that lie, and now and then any byte.
/// </summary>
public sealed class PackedMutator(IReadOnlyList<byte[]> records, int seed)
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz";

    private static readonly long[] Numbers =
    [
        0, 1, 2, 3, 4, 9, 10, 11, 127, 128, 255, 256, 65_535, 65_536, uint.MaxValue, 1L << 32, long.MaxValue, -1, -33, long.MinValue, 1_000_000_000_000,
            1_000_000_000_001,
        946_684_799_999, 946_684_800_000, 1_751_328_000_123, 4_102_444_799_999, 4_102_444_800_000,
    ];

    private static readonly byte[][] Values =
    [
        .. Numbers.SelectMany(Integers), .. new[] { "c0", "c0", "c0", "c2", "c3", "c1", "c400", "ca00000000", "cb0000000000000000", "cfffffffffffffffff", "90",
            "80", "9101", "a161", "a26100", "a3610000", "a161", "d90161", "d900", "a0", "a1ff", "a2c328", "a2c3a9",
        "c41000000000000000000000000000000000", "c41000000000000000000000000000000001", "c40f010203040506070809101112131415",
            "c5001000000000000000000000000000000007", "d6ff68632000", "d7ff0000000068632000", "d6fe68632000",
            "c70cff0000000000000000686320a0" }.Select(Convert.FromHexString),
        .. new[] { 30, 31, 32, 33, 40, 41, 63, 64, 65 }.Select(length => Text(Letters[..length])),
        .. new[] { "none", "national", "online", "case", "counter", "onlin", "2025-07-01T00:00:00Z", "2025-07-01T00:00:00.123+07:00",
            "2025-07-01T00:00:00.123-07:00", "2025-07-01T00:00:00.123,07:00", "2025-07-01T00:00:60.123+07:00", "1999-12-31T23:59:00.000-00:01" }.Select(Text),
    ];

    private readonly Random random = new(seed);

    /// <summary>The next record: one of those given with none to three changes.</summary>
    public byte[] Next()
    {
        var record = Pick(records);
        for (var changes = random.Next(4); changes > 0; changes--)
        {
            record = random.Next(8) == 0 ? Damaged(record) : Changed(record) ?? record;
        }

        return record;
    }

    /// <summary>Every legal way to write an integer, and some that cut it off.</summary>
    private static IEnumerable<byte[]> Integers(long value)
    {
        var bytes = BitConverter.GetBytes(System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(value));
        yield return Written((ref writer) => writer.Write(value));
        yield return [0xcf, .. bytes];
        yield return [0xd3, .. bytes];
        yield return [0xce, .. bytes[4..]];
        yield return [0xcd, .. bytes[6..]];
    }

    private static byte[] Text(string text) => Written((ref writer) => writer.WriteString(Encoding.UTF8.GetBytes(text)));

    private static byte[] Wide(string text) => [0xd9, (byte)text.Length, .. Encoding.ASCII.GetBytes(text)];

    private static byte[] Written(Writing write)
    {
        var written = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(written);
        write(ref writer);
        writer.Flush();
        return written.WrittenSpan.ToArray();
    }

    /// <summary>The record with one change to its values; null when it is no array or map of values any more.</summary>
    private byte[]? Changed(byte[] record)
    {
        var isMap = record.Length > 0 && MessagePackForm.Begins(record[0]) && (record[0] & 0xf0) != 0x90 && record[0] is not (0xdc or 0xdd);
        if (!TrySplit(record, out var parts))
        {
            return null;
        }

        if (isMap)
        {
            ChangeMap(parts);
        }
        else if (!TryChangeArray(parts))
        {
            return null;
        }

        var count = (isMap ? parts.Count / 2 : parts.Count) + (random.Next(64) == 0 ? 1 : 0);
        return [.. Head(isMap, count), .. parts.SelectMany(part => part)];
    }

    private static bool TrySplit(byte[] record, out List<byte[]> parts)
    {
        parts = [];
        var reader = new MessagePackTokenReader(record);
        if (!reader.TryRead(out var head) || head.Kind is not (MessagePackKind.Map or MessagePackKind.Array))
        {
            return false;
        }

        while (!reader.IsAtEnd)
        {
            var start = reader.Consumed;
            if (!reader.TrySkip())
            {
                return false;
            }

            parts.Add(record[start..reader.Consumed]);
        }

        return head.Kind == MessagePackKind.Array || parts.Count % 2 == 0;
    }

    private void ChangeMap(List<byte[]> parts)
    {
        var pair = random.Next((parts.Count / 2) + 1) * 2;
        switch (random.Next(5))
        {
            case 0:
                parts.InsertRange(pair, [Name(), Value(parts)]);
                break;
            case 1 when pair < parts.Count:
                parts.RemoveRange(pair, 2);
                break;
            case 2 when pair < parts.Count:
                parts[pair] = random.Next(4) == 0 ? Value(parts) : Name();
                break;
            case 3 when pair < parts.Count:
                var (name, value) = (parts[pair], parts[pair + 1]);
                parts.RemoveRange(pair, 2);
                parts.InsertRange(random.Next((parts.Count / 2) + 1) * 2, [name, value]);
                break;
            case 4 when parts.Count > 0:
                parts[Math.Min(pair + 1, parts.Count - 1)] = Value(parts);
                break;
        }
    }

    private bool TryChangeArray(List<byte[]> parts)
    {
        if (parts.Count < 2 || !new MessagePackTokenReader(parts[1]).TryReadInteger(out var mask) || mask < 0)
        {
            return false;
        }

        var key = random.Next(random.Next(30) == 0 ? 40 : CaseKeys.Count);
        var place = 2 + System.Numerics.BitOperations.PopCount((ulong)mask & ((1ul << key) - 1));
        if (place > parts.Count)
        {
            return false;
        }

        var isStated = (mask & (1L << key)) != 0 && place < parts.Count;
        if (isStated && random.Next(3) > 0)
        {
            parts[place] = Value(parts);
        }
        else if (isStated)
        {
            parts.RemoveAt(place);
            mask &= ~(1L << key);
        }
        else
        {
            parts.Insert(place, Value(parts));
            mask |= 1L << key;
        }

        parts[0] = random.Next(50) == 0 ? Pick(Values) : parts[0];
        parts[1] = Pick([.. Integers(mask).Take(random.Next(10) == 0 ? 5 : 1)]);
        return true;
    }

    private byte[] Damaged(byte[] record)
    {
        if (record.Length == 0)
        {
            return record;
        }

        var place = random.Next(record.Length);
        return random.Next(4) switch
        {
            0 => [.. record[..place], (byte)random.Next(256), .. record[place..]],
            1 => [.. record[..place], .. record[(place + 1)..]],
            2 => record[..place],
            _ => [.. record[..place], (byte)(record[place] ^ (1 << random.Next(8))), .. record[(place + 1)..]],
        };
    }

    private byte[] Head(bool isMap, int count) => random.Next(10) switch
    {
        0 => [(byte)(isMap ? 0xdf : 0xdd), 0, 0, 0, (byte)count],
        1 => [(byte)(isMap ? 0xde : 0xdc), 0, (byte)count],
        _ => Written((ref writer) => Write(ref writer, isMap, count)),
    };

    private static void Write(ref MessagePackWriter writer, bool isMap, int count)
    {
        if (isMap)
        {
            writer.WriteMapHeader(count);
        }
        else
        {
            writer.WriteArrayHeader(count);
        }
    }

    private byte[] Name() => random.Next(8) switch
    {
        0 => Text(Pick(["v", "họ tên", "", "Case", "a name that is longer than any vector is wide, and known to nobody"])),
        1 => Wide(CaseKeys.NameOf((CaseKey)random.Next(CaseKeys.Count))),
        _ => Text(CaseKeys.NameOf((CaseKey)random.Next(CaseKeys.Count))),
    };

    private byte[] Value(List<byte[]> parts) => random.Next(4) == 0 && parts.Count > 0 ? Pick(parts) : Pick(Values);

    private T Pick<T>(IReadOnlyList<T> list) => list[random.Next(list.Count)];

    private delegate void Writing(ref MessagePackWriter writer);
}

namespace KpiStream.Tests.Support.Oracle;

/// <summary>Makes odd records out of ordinary ones: bytes flipped, pieces of other lines spliced in, values swapped for awkward ones.</summary>
public sealed class LineMutator(IReadOnlyList<byte[]> lines, int seed)
{
    private static readonly byte[][] Awkward = [.. new[]
    {
        "null", "true", "false", "0", "-0", "1", "1.0", "1e0", "10", "11", "-1", "9223372036854775807", "9223372036854775808", "1000000000000",
        "1000000000001", "\"\"", "\"none\"", "\"online\"", "\"counter\"", "\"\\u0061\"", "\"\\ud800\"", "\"\\ud83d\\ude00\"", "\"\\udc00\"",
            "[]", "{}", "[[1]]",
        "{\"at\":1}", "\"2025-07-01T00:00:00Z\"", "\"2025-07-01T00:00:00.1234567890Z\"", "\"2025-07-01T00:00:00.123456789+23:59\"", "\"2025-02-29T00:00:00Z\"",
        "\"2024-02-29T23:59:59-00:00\"", "\"2000-01-01T00:00:00+00:01\"", "\"2100-01-01T00:00:00+00:01\"", "\"2025-07-01T24:00:00Z\"", "\"\\n\"", "\" \"",
        "\"Sở-TC\"", "\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"", "\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"", "\"pppppppppppppppppppppppppppppppppppppppp\"",
        "\"ppppppppppppppppppppppppppppppppppppppppp\"", "tru", "nul", "01", "+1", "\"", "\\", "NaN",
    }.Select(Encoding.UTF8.GetBytes)];

    private static readonly byte[][] Keys = [.. new[]
    {
        "v", "source", "case", "at", "seq", "kind", "status", "procedure", "field", "receiving", "handling", "channel", "filed", "accepted", "due",
            "ended", "fee",
        "waived", "paid_via", "result", "signed", "returned", "presence", "digitised", "reused", "vneid", "synced", "satisfied", "parent",
        "components_signed", "result_digitised", "stored", "result_synced", "unknown", "c\\u0061se",
        "\\u0076", "\\ud800", "Status", "",
    }.Select(Encoding.UTF8.GetBytes)];

    private static readonly byte[] Marks = [.. "{}[]:,\"\\ \t\r\n0123456789-+.eEuntrfals/Zz"u8, 0, 0x1F, 0x7F, 0x80, 0xC3, 0xED, 0xA0, 0xEF, 0xFF];

    private readonly Random random = new(seed);

    /// <summary>The next record: a line with one to four changes.</summary>
    public byte[] Next()
    {
        var record = Pick(lines);
        for (var changes = random.Next(1, 5); changes > 0; changes--)
        {
            record = Change(record);
        }

        return record;
    }

    private byte[] Change(byte[] record)
    {
        var place = random.Next(record.Length + 1);
        switch (random.Next(20))
        {
            case 0:
                return Replace(record, place, Math.Min(1, record.Length - place), [Pick(Marks)]);
            case 1:
                return Replace(record, place, 0, [Pick(Marks)]);
            case 2:
                return Replace(record, place, Math.Min(random.Next(1, 4), record.Length - place), []);
            case 3:
                var other = Pick(lines);
                var from = random.Next(other.Length);
                return Replace(record, place, 0, other.AsSpan(from, Math.Min(other.Length - from, random.Next(1, 40))));
            default:
                return AddMember(record);
        }
    }

    /// <summary>A known or unknown key with an awkward value, before the closing brace or right behind the opening one.</summary>
    private byte[] AddMember(byte[] record)
    {
        byte[] member = [(byte)'"', .. Pick(Keys), (byte)'"', (byte)':', .. Pick(Awkward)];
        var last = Array.LastIndexOf(record, (byte)'}');
        var first = Array.IndexOf(record, (byte)'{');
        return last < 0 || first < 0
            ? [.. record, .. member]
            : random.Next(3) > 0 ? Replace(record, last, 0, [(byte)',', .. member]) : Replace(record, first + 1, 0, [.. member, (byte)',']);
    }

    private static byte[] Replace(byte[] record, int place, int length, ReadOnlySpan<byte> by) =>
        [.. record.AsSpan(0, place), .. by, .. record.AsSpan(place + length)];

    private T Pick<T>(IReadOnlyList<T> list) => list[random.Next(list.Count)];
}

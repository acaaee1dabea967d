namespace KpiStream.Tests.Support.Oracle;

/// <summary>
/// Changes real records in ways that most often leave them legal JSON: members moved, dropped, repeated and exchanged, values swapped for awkward
/// ones, white space put in, digits and letters changed, and now and then any byte. Takes no memory per record, so that millions can be tried.
/// </summary>
public sealed class MemberMutator(IReadOnlyList<byte[]> records, int seed)
{
    private const int Room = 8_192;
    private const int Longest = Room - 1_024;

    private static readonly byte[][] Values = [.. new[]
    {
        "null", "true", "false", "0", "1", "-0", "10", "11", "9", "00", "01", "-1", "1.0", "1e0", "12345678", "123456789", "999999999999", "1000000000000",
        "1000000000001", "999999999999999999", "9223372036854775807", "9223372036854775808", "\"\"", "\"none\"", "\"online\"", "\"national\"", "\"case\"",
        "\"onlin\"", "\"onlinee\"", "\"none", "\"counter\"", "\"\\u0061\"", "\"\\ud800\"", "\"\\x\"", "\"\\\"\"", "\"é\"", "\"hồ sơ/18\"", "[]", "{}",
            "[1,{\"a\":\"\\n\"}]",
        "\"2025-07-01T00:00:00Z\"", "\"2025-07-01T00:00:00.123+07:00\"", "\"2025-07-01T00:00:00.123-07:00\"", "\"2025-07-01T00:00:00.123,07:00\"",
        "\"2024-02-29T23:59:59.999+23:59\"", "\"2025-02-29T00:00:00.000+00:00\"", "\"2000-01-01T00:00:00.000+00:01\"", "\"2099-12-31T23:59:59.999-00:00\"",
        "\"2100-01-01T00:00:00.000+00:01\"", "\"1999-12-31T23:59:00.000-00:01\"", "\"2025-07-01T24:00:00.000Z\"", "\"2025-07-01T23:59:60.000+07:00\"",
        "\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"", "\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"", "\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"",
        "\"pppppppppppppppppppppppppppppppppppppppp\"", "\"ppppppppppppppppppppppppppppppppppppppppp\"", "tru", "nulL", "True", "-", "1.", ".5", "1e", "2.5e-3",
        "\"kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk\"", "\"kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk\"",
    }.Select(Encoding.UTF8.GetBytes)];

    private static readonly byte[][] Names = [.. new[]
    {
        "v", "source", "case", "at", "seq", "kind", "status", "procedure", "field", "receiving", "handling", "channel", "filed", "accepted", "due",
            "ended", "fee",
        "waived", "paid_via", "result", "signed", "returned", "presence", "digitised", "reused", "vneid", "synced", "satisfied", "parent",
        "components_signed", "result_digitised", "stored", "result_synced", "name", "họ tên", "", "Case",
        "st\\u0061tus", "a name that is longer than any vector is wide, and known to nobody",
    }.Select(Encoding.UTF8.GetBytes)];

    private static readonly byte[] Marks = [.. "{}[]:,\"\\ \t\r\n0123456789-+.eEuntrfals/Z"u8, 0, 0x1F, 0x7F, 0x80, 0xC3, 0xED, 0xA0, 0xFF];
    private static readonly byte[][] Spaces =
        [.. new[] { " ", "\t", "\r", "\n", "  ", " \t \r\n ", "                                        " }.Select(Encoding.UTF8.GetBytes)];

    private readonly Random random = new(seed);
    private readonly byte[] text = new byte[Room];
    private readonly byte[] other = new byte[Room];
    private readonly List<(int Start, int End)> members = [];
    private int length;

    /// <summary>The next record: one of those given with none to three changes. Good until the next call.</summary>
    public ReadOnlySpan<byte> Next()
    {
        var record = records[random.Next(records.Count)];
        length = Math.Min(record.Length, Longest);
        record.AsSpan(0, length).CopyTo(text);
        for (var changes = random.Next(4); changes > 0; changes--)
        {
            Change();
        }

        return text.AsSpan(0, length);
    }

    private void Change()
    {
        FindMembers();
        var (start, end) = members.Count == 0 ? (0, length) : members[random.Next(members.Count)];
        var colon = text.AsSpan(start, end - start).IndexOf((byte)':') is >= 0 and var found ? start + found + 1 : end;
        switch (random.Next(12))
        {
            case 0 or 1:
                Replace(colon, end, Pick(Values));
                break;
            case 2:
                AddMember(start);
                break;
            case 3:
                Replace(start, end < length && text[end] == ',' ? end + 1 : end, []);
                break;
            case 4:
                MoveMember(start, end);
                break;
            case 5:
                Replace(colon, colon, Pick(Spaces));
                break;
            case 6:
                Replace(start, start, Pick(Spaces));
                break;
            case 7 or 8:
                ChangeAlike(random.Next(length));
                break;
            case 9:
                ReplaceByMark();
                break;
            case 10:
                ExchangeValues(start, end, colon);
                break;
            default:
                ChangeEnd();
                break;
        }

        length = Math.Min(length, Longest);
    }

    /// <summary>Members of the outer object, by their commas; good enough for changing them.</summary>
    private void FindMembers()
    {
        members.Clear();
        var (depth, isText, start) = (0, false, 0);
        for (var i = 0; i < length; i++)
        {
            isText ^= text[i] == '"' && (i == 0 || text[i - 1] != '\\');
            depth += isText ? 0 : text[i] is (byte)'{' or (byte)'[' ? 1 : text[i] is (byte)'}' or (byte)']' ? -1 : 0;
            start = !isText && depth == 1 && text[i] == '{' ? i + 1 : start;
            if (!isText && ((depth == 1 && text[i] == ',') || (depth == 0 && text[i] == '}')))
            {
                members.Add((start, i));
                start = i + 1;
            }
        }
    }

    private void AddMember(int place)
    {
        Replace(place, place, ","u8);
        Replace(place, place, Pick(Values));
        Replace(place, place, "\":"u8);
        Replace(place, place, Pick(Names));
        Replace(place, place, "\""u8);
    }

    /// <summary>Puts a member, or another record's, before another member; so it may be there twice.</summary>
    private void MoveMember(int start, int end)
    {
        var piece = other.AsSpan(0, end - start);
        text.AsSpan(start, end - start).CopyTo(piece);
        if (random.Next(3) > 0)
        {
            Replace(start, end < length && text[end] == ',' ? end + 1 : end, []);
            FindMembers();
        }

        var place = members.Count == 0 ? 0 : members[random.Next(members.Count)].Start;
        Replace(place, place, ","u8);
        Replace(place, place, piece);
    }

    private void ExchangeValues(int start, int end, int colon)
    {
        var (otherStart, otherEnd) = members.Count == 0 ? (start, end) : members[random.Next(members.Count)];
        var otherColon = text.AsSpan(otherStart, otherEnd - otherStart).IndexOf((byte)':');
        var value = other.AsSpan(0, otherColon < 0 ? 0 : otherEnd - otherStart - otherColon - 1);
        text.AsSpan(otherEnd - value.Length, value.Length).CopyTo(value);
        Replace(colon, end, value);
    }

    /// <summary>A digit becomes a digit, a letter a letter, as slips of the pen are.</summary>
    private void ChangeAlike(int place)
    {
        ref var letter = ref text[place];
        letter = letter switch
        {
            >= (byte)'0' and <= (byte)'9' => (byte)('0' + random.Next(10)),
            >= (byte)'a' and <= (byte)'z' => (byte)('a' + random.Next(26)),
            _ => letter,
        };
    }

    private void ReplaceByMark()
    {
        var place = random.Next(length + 1);
        var until = Math.Min(length, place + random.Next(3));
        Replace(place, until, [Marks[random.Next(Marks.Length)]]);
    }

    private void ChangeEnd()
    {
        switch (random.Next(4))
        {
            case 0:
                length = random.Next(length + 1);
                break;
            case 1:
                Replace(length, length, Pick(Spaces));
                break;
            case 2:
                Replace(length, length, Pick(Values));
                break;
            default:
                Replace(Math.Max(0, length - 1), length, []);
                break;
        }
    }

    private void Replace(int start, int end, ReadOnlySpan<byte> by)
    {
        if (length + by.Length > Room || end < start)
        {
            return;
        }

        text.AsSpan(end, length - end).CopyTo(text.AsSpan(start + by.Length));
        by.CopyTo(text.AsSpan(start));
        length += by.Length - (end - start);
    }

    private T Pick<T>(T[] list) => list[random.Next(list.Length)];
}

namespace KpiStream.Ingest.Sources.Generation;

/// <summary>
/// Lines that must be rejected, one of each sort after another, so that even a short stream has them all: every reason but those
/// that hang on arrival or configuration. Most are good lines with one more member: of a repeated key the last value is judged.
/// </summary>
internal sealed class HostileLine(LineBuffer line)
{
    private const int OverTheLimit = 65_536;
    private const int TooDeep = 64; // inside the event, which is depth 1

    private static readonly string Long33 = new('1', 33);
    private static readonly string Long41 = new('2', 41);
    private static readonly string Long65 = new('3', 65);

    /// <summary>Members that spoil any event they are added to.</summary>
    private static readonly byte[][] Members = [.. new[]
    {
        "\"v\":2", "\"v\":\"1\"", "\"v\":1.0", "\"source\":null", "\"case\":null", "\"at\":null",
        "\"source\":\"\"", $"\"source\":\"{Long33}\"", "\"case\":\"\"", "\"case\":7", $"\"case\":\"{Long65}\"",
        "\"at\":\"2025-07-16\"", "\"at\":1752634931250", "\"at\":\"2025-07-16T10:02:60.000+07:00\"", "\"at\":\"1999-12-31T23:59:59Z\"",
        "\"seq\":-1", "\"seq\":1.5", "\"seq\":9223372036854775808", "\"seq\":\"1\"", "\"kind\":\"other\"", "\"kind\":\"\"",
        "\"status\":0", "\"status\":11", "\"status\":\"9\"", "\"status\":9e0", "\"procedure\":5", $"\"procedure\":\"{Long41}\"", "\"field\":[]",
        $"\"receiving\":\"{Long33}\"", "\"handling\":true", "\"handling\":\"\\ud800\"", "\"channel\":\"web\"", "\"filed\":\"yesterday\"",
        "\"accepted\":\"2025-07-16T10:02:11.250\"", "\"due\":\"2100-01-01T00:00:00Z\"", "\"ended\":{}", "\"ended\":\"\"",
        "\"fee\":-1", "\"fee\":1000000000001", "\"fee\":8000.0", "\"waived\":\"true\"", "\"paid_via\":\"cash\"", "\"result\":\"ELECTRONIC\"",
        "\"signed\":1", "\"returned\":\"\"", "\"presence\":\"no\"", "\"digitised\":0", "\"reused\":\"false\"", "\"vneid\":{}", "\"synced\":[]",
        "\"satisfied\":\"yes\"", $"\"parent\":\"{Long65}\"", "\"components_signed\":1", "\"result_digitised\":\"true\"", "\"stored\":[]",
            "\"result_synced\":\"\"",
        "\"x\":", "\"x\":01", "\"x\":'y'", "\"x\":\"\\x\"", "\"x\":\"\t\"", "\"x\":1,", "\"x\":tru", "\"x\":{\"a\"}", "x:1", "\"x\":NaN",
    }.Select(Encoding.UTF8.GetBytes)];

    /// <summary>Whole lines that are no events at all, or lack what every event must have.</summary>
    private static readonly byte[][] Wholes = [.. new[]
    {
        "not json", "[]", "\"case\"", "42", "null", "{", "{}", "{\"v\":1}", "{\"source\":\"hy\",\"at\":\"2025-07-16T10:02:11.250+07:00\"}",
        "{\"source\":\"hy\",\"case\":\"H31.12850-250715-0001\"}", "{\"case\":\"H31.12850-250715-0001\",\"at\":\"2025-07-16T10:02:11.250+07:00\"}",
    }.Select(Encoding.UTF8.GetBytes)];

    private int sort;

    /// <summary>Sorts there are.</summary>
    public static int Sorts => Members.Length + Wholes.Length + 6;

    /// <summary>Makes the good, full line in the buffer a bad one, of the sort whose turn it is.</summary>
    public void Spoil()
    {
        var turn = sort++ % Sorts;
        if (turn < Members.Length)
        {
            AddMember(Members[turn]);
        }
        else if (turn - Members.Length < Wholes.Length)
        {
            line.Clear();
            line.Add(Wholes[turn - Members.Length]);
        }
        else
        {
            Break(turn - Members.Length - Wholes.Length);
        }
    }

    private void Break(int way)
    {
        switch (way)
        {
            case 0:
                line.Cut(line.Length / 2);
                break;
            case 1:
                line.Add("{}"u8);
                break;
            case 2:
                AddMember([(byte)'"', (byte)'x', (byte)'"', (byte)':', (byte)'"', 0xFF, 0xC0, (byte)'"']);
                break;
            case 3:
                AddDeep();
                break;
            case 4:
                line.AddFill((byte)' ', OverTheLimit);
                break;
            default:
                line.Cut(line.Length - 1);
                line.Add(",\"x\":\""u8);
                line.AddFill((byte)'x', OverTheLimit);
                line.Add("\"}"u8);
                break;
        }
    }

    private void AddDeep()
    {
        line.Cut(line.Length - 1);
        line.Add(",\"x\":"u8);
        line.AddFill((byte)'[', TooDeep);
        line.AddFill((byte)']', TooDeep);
        line.Add((byte)'}');
    }

    private void AddMember(ReadOnlySpan<byte> member)
    {
        line.Cut(line.Length - 1);
        line.Add((byte)',');
        line.Add(member);
        line.Add((byte)'}');
    }
}

using BenchmarkDotNet.Attributes;

namespace KpiStream.Bench.Micro;

/// <summary>What do the pieces of decoding cost on their own? Times are per piece, over the values of 2,000 ordinary events of seed 7.</summary>
public class PieceBenchmarks
{
    private readonly CodeTable table = new();
    private byte[][] cases = [];
    private byte[][] procedures = [];
    private byte[][] instants = [];

    [GlobalSetup]
    public void Prepare()
    {
        var lines = EventLines.Of(GenerateProfile.Ordinary);
        cases = [.. lines.Select(line => TextOf(line, "case"))];
        procedures = [.. lines.Select(line => TextOf(line, "procedure"))];
        instants = [.. lines.Select(line => TextOf(line, "at"))];
        if (PseudonymKey.Fixed.Of(cases[0]) == PseudonymKey.Fixed.Of(cases[^1])
            || procedures.Any(code => table.Text(table.Intern(code)) != Encoding.UTF8.GetString(code))
            || instants.Any(text => !InstantText.TryParse(text, out var millis)
                || millis != DateTimeOffset.Parse(Encoding.UTF8.GetString(text)).ToUnixTimeMilliseconds()))
        {
            throw new InvalidOperationException("A piece gives a wrong result.");
        }
    }

    /// <summary>SipHash-2-4-128 of a case code of about 21 bytes.</summary>
    [Benchmark(OperationsPerInvoke = EventLines.Count)]
    public ulong SipHash_OfCaseCodes()
    {
        var sum = 0ul;
        foreach (var code in cases)
        {
            sum += PseudonymKey.Fixed.Of(code).Lo;
        }

        return sum;
    }

    /// <summary>The id of a procedure code of 8 bytes that the table knows.</summary>
    [Benchmark(OperationsPerInvoke = EventLines.Count)]
    public int CodeTable_OfKnownCodes()
    {
        var sum = 0;
        foreach (var code in procedures)
        {
            sum += table.Intern(code);
        }

        return sum;
    }

    /// <summary>The plain reader of instants, on <c>2025-07-01T07:18:31.877+07:00</c> and the like.</summary>
    [Benchmark(OperationsPerInvoke = EventLines.Count)]
    public long InstantText_OfMillis()
    {
        var sum = 0L;
        foreach (var text in instants)
        {
            sum += InstantText.TryParse(text, out var millis) ? millis : 0;
        }

        return sum;
    }

    private static byte[] TextOf(byte[] line, string key)
    {
        var rest = line.AsSpan(line.AsSpan().IndexOf(Encoding.UTF8.GetBytes($"\"{key}\":\"")) + key.Length + 4);
        return rest[..rest.IndexOf((byte)'"')].ToArray();
    }
}

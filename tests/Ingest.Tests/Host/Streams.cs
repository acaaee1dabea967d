namespace KpiStream.Ingest.Tests.Host;

/// <summary>Generated streams as lists of lines.</summary>
internal static class Streams
{
    public static IReadOnlyList<byte[]> Generate(GenerateProfile profile, long events, ulong seed)
    {
        var stream = new GeneratedStream(new GenerateOptions(events, seed, Shipped.Units("hungyen")) { Profile = profile });
        var lines = new List<byte[]>();
        while (stream.MoveNext())
        {
            lines.Add(stream.Line.ToArray());
        }

        return lines;
    }

    /// <summary>The same lines in an order that depends on the seed alone.</summary>
    public static byte[][] Shuffle(IEnumerable<byte[]> lines, int seed)
    {
        byte[][] shuffled = [.. lines];
        new Random(seed).Shuffle(shuffled);
        return shuffled;
    }
}

using KpiStream.Ingest.Sources.Configuration;
using KpiStream.Ingest.Sources.Configuration.Rules;

namespace KpiStream.Bench.Micro;

/// <summary>
/// The events measured: the first of <c>kpistream generate --seed 7</c>, Hưng Yên's directory, full pictures of about 517 bytes with every key but three.
/// </summary>
internal static class EventLines
{
    public const ulong Seed = 7;

    /// <summary>2,000 events of half a kilobyte: a megabyte, which a core's second-level cache just holds, as it holds a batch read from a source.</summary>
    public const int Count = 2_000;

    /// <summary>The events of a profile, each an array of its own.</summary>
    public static byte[][] Of(GenerateProfile profile)
    {
        var stream = new GeneratedStream(new GenerateOptions(1_000_000, Seed, Shipped.Units("hungyen")) { Profile = profile });
        var lines = new byte[Count][];
        for (var i = 0; i < Count; i++)
        {
            lines[i] = stream.MoveNext() ? stream.Line.ToArray() : throw new InvalidOperationException("The stream ended too early.");
        }

        return lines;
    }
}

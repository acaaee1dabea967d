namespace KpiStream.Ingest.Tests.Simulation;

/// <summary>What sources send in a simulation: a stretch of a generated stream, some of it again, in another order.</summary>
internal static class SimulatedRecords
{
    private const int Generated = 3_000;

    private static readonly Lazy<IReadOnlyList<byte[]>>[] Streamed =
        [.. ((GenerateProfile[])[GenerateProfile.Ordinary, GenerateProfile.Mixed, GenerateProfile.Hostile])
            .Select(profile => new Lazy<IReadOnlyList<byte[]>>(() => Streams.Generate(profile, Generated, 4_711)))];

    /// <summary>Some records, bad ones among them.</summary>
    /// <param name="count">About how many.</param>
    public static byte[][] Choose(Random random, int count)
    {
        var stream = Streamed[random.Next(Streamed.Length)].Value;
        var from = random.Next(stream.Count - count);
        byte[][] chosen = [.. stream.Skip(from).Take(count), .. stream.Skip(from).Take(count).Where(_ => random.Next(8) == 0)];
        Displace(chosen, random, random.Next(count));
        return chosen;
    }

    private static void Displace(byte[][] records, Random random, int reach)
    {
        for (var i = 0; i < records.Length; i++)
        {
            var other = Math.Min(records.Length - 1, i + random.Next(reach + 1));
            (records[i], records[other]) = (records[other], records[i]);
        }
    }
}

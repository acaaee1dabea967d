using System.Security.Cryptography;

namespace KpiStream.Ingest.Tests.Host;

/// <summary>Two hundred bad lines among ten thousand: they are counted and noted, and change no figure.</summary>
public sealed class RejectedLinesTests(ITestOutputHelper output) : IDisposable
{
    private const int Lines = 10_000;
    private const int Bad = 200;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task TwoHundredBadLinesInTenThousand_LeaveTheFiguresOfTheOthersAndTwoHundredDeadLetters()
    {
        const int Seed = 20250701;
        output.WriteLine($"seed {Seed}");
        var good = Streams.Generate(GenerateProfile.Mixed, Lines - Bad, Seed);
        var (all, bad) = Scatter(good, Seed);
        var clean = folder.Write("clean.ndjson", good);
        var dirty = folder.Write("dirty.ndjson", all);
        var letters = folder.File("letters.ndjson");

        var expected = await CountRun.OfAsync(folder, "replay", clean, "--periods", CountRun.AllPeriods, "--rollup");
        var replay = await CountRun.OfAsync(folder, "replay", dirty, "--periods", CountRun.AllPeriods, "--rollup", "--dead-letters", letters, "--shards", "2");
        var recount = await CountRun.OfAsync(folder, "recount", dirty, "--periods", CountRun.AllPeriods, "--rollup");

        foreach (var run in (CountRun[])[replay, recount])
        {
            Assert.Equal(0, run.ExitCode);
            TextAssert.SameLines(expected.Csv, run.Csv);
            Assert.Equal(expected.Fingerprint, run.Fingerprint);
            Assert.Equal(Lines, run["events"]);
            Assert.Equal(Bad, run.Rejected.Values.Sum());
            Assert.Equal(bad.Values.CountBy(line => line.Reason)
                .ToDictionary(row => row.Key, row => (long)row.Value), run.Rejected);
        }

        AssertLetters(bad, dirty, await File.ReadAllTextAsync(letters));
    }

    /// <summary>Puts the bad lines at places that hang on the seed; gives them by line number from 1.</summary>
    private static (List<byte[]> All, SortedDictionary<int, (string Reason, byte[] Line)> Bad) Scatter(IReadOnlyList<byte[]> good, int seed)
    {
        var bad = new SortedDictionary<int, (string, byte[])>();
        var random = new Random(seed);
        while (bad.Count < Bad)
        {
            bad.TryAdd(1 + random.Next(Lines), BadLines.All[bad.Count % BadLines.All.Count]);
        }

        using var next = good.GetEnumerator();
        var all = new List<byte[]>();
        for (var number = 1; number <= Lines; number++)
        {
            all.Add(bad.TryGetValue(number, out var line) ? line.Item2 : next.MoveNext() ? next.Current
                : throw new InvalidOperationException("too few good lines"));
        }

        return (all, bad);
    }

    private static void AssertLetters(SortedDictionary<int, (string Reason, byte[] Line)> bad, string source, string letters)
    {
        Assert.Equal(
            bad.Select(row => (source, 0, row.Key, row.Value.Reason, row.Value.Line.Length, Convert.ToHexStringLower(SHA256.HashData(row.Value.Line)))),
            letters.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Read));
        Assert.DoesNotContain(BadLines.Secret, letters);
        Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes(BadLines.Secret)), letters);
    }

    /// <summary>Reads a letter, which has these members and no other: there is no place for a record's bytes.</summary>
    private static (string Source, int File, int Line, string Reason, int Bytes, string Sha256) Read(string line)
    {
        using var letter = JsonDocument.Parse(line);
        var root = letter.RootElement;
        var reason = root.GetProperty("reason").GetString()!;
        string[] key = reason.Contains(':') ? ["key"] : [];
        Assert.Equal(["reason", .. key, "source", "partition", "offset", "noted", "bytes", "sha256"], root.EnumerateObject().Select(member => member.Name));
        Assert.All(key, name => Assert.EndsWith($":{root.GetProperty(name).GetString()}", reason));
        return (
            root.GetProperty("source").GetString()!, root.GetProperty("partition").GetInt32(), root.GetProperty("offset").GetInt32(),
            root.GetProperty("reason").GetString()!, root.GetProperty("bytes").GetInt32(), root.GetProperty("sha256").GetString()!);
    }
}

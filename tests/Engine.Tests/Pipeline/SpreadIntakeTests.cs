namespace KpiStream.Engine.Tests.Pipeline;

/// <summary>Decoding spread over threads gives everything that one thread gives, in its order.</summary>
public sealed class SpreadIntakeTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("ordinary", 1, 1)]
    [InlineData("ordinary", 4, 2)]
    [InlineData("mixed", 2, 4)]
    [InlineData("mixed", 3, 1)]
    public async Task AnyNumberOfThreads_GivesTheGoldenFigures(string stream, int decoders, int shards)
    {
        var letters = new Letters();
        var expectedLetters = new Letters();
        var expected = await EngineRun.OverAsync(GoldenFiles.Lines(stream), letters: expectedLetters);
        var run = await EngineRun.OverAsync(GoldenFiles.Lines(stream), shards: shards, decoders: decoders, letters: letters);

        Assert.Equal(GoldenFiles.Expected(stream, "default"), run.Csv);
        Assert.Equal(expected.Fingerprint, run.Fingerprint);
        Assert.Equal((expected.Applied, expected.Duplicates, expected.Cases, expected.Now), (run.Applied, run.Duplicates, run.Cases, run.Now));
        Assert.Equal((expected.Counts.Late, expected.Counts.LastOffset, expected.Counts.GreatestAt),
            (run.Counts.Late, run.Counts.LastOffset, run.Counts.GreatestAt));
        Assert.Equal(expected.Counts.ByReason, run.Counts.ByReason);
        Assert.Equal(expectedLetters.Noted, letters.Noted);
    }

    [Fact]
    public async Task RandomSizesAndFlushes_KeepTheOrderOfAllThatIsNoted()
    {
        const int seed = 20251122;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var records = Enumerable.Range(0, LongRuns.Scale(30_000)).Select(number => Record(random, number)).ToList();
        var (one, many) = (new Letters(), new Letters());
        await using var first = Engine();
        await using var second = Engine();
        var plain = first.OpenIntake("test", one);
        var spreadCounts = second.OpenIntake("test", many);
        using var spread = second.Spread(spreadCounts, 3);
        for (var i = 0; i < records.Count; i++)
        {
            Put(plain, records[i], i);
            Put(spread, records[i], i);
            if (random.Next(2_000) == 0)
            {
                spread.Flush();
                Assert.Equal(plain.Counts.Events, spreadCounts.Counts.Events);
            }
        }

        plain.Flush();
        spread.Flush();
        Assert.Equal(one.Noted, many.Noted);
        Assert.Equal(plain.Counts.ByReason, spreadCounts.Counts.ByReason);
        Assert.Equal((plain.Counts.Accepted, plain.Counts.Late), (spreadCounts.Counts.Accepted, spreadCounts.Counts.Late));
        Assert.InRange(one.Noted.Count, records.Count / 4, records.Count);
    }

    private static StreamEngine Engine() => new(new EngineOptions { Rulebook = Shipped.Rulebook(), Directory = Shipped.Units("hungyen"), Shards = 2 });

    private static void Put(IRecordSink sink, byte[] record, int number)
    {
        var position = new SourcePosition(0, number);
        if (record.Length > 100_000)
        {
            sink.RejectTooLarge(position, DecodeLimits.UnknownArrival, record.Length, new byte[32]);
        }
        else
        {
            sink.Accept(record, position, DecodeLimits.UnknownArrival);
        }
    }

    /// <summary>Good ones, bad ones, empty ones, some that fill a block alone, a few too large to be handed over.</summary>
    private static byte[] Record(Random random, int number) => random.Next(100) switch
    {
        < 60 => Encoding.UTF8.GetBytes($$"""{"source":"s{{random.Next(3)}}","case":"c{{random.Next(500)}}", """
            + $$""" "at":"2025-07-{{random.Next(1, 29):00}}T10:00:00Z","status":{{random.Next(1, 11)}}}"""),
        < 85 => Encoding.UTF8.GetBytes($"bad {number}"),
        < 95 => [],
        < 99 => Encoding.UTF8.GetBytes($$"""{"source":"s","case":"c","at":"2025-07-01T00:00:00Z","x":"{{new string('x', random.Next(1, 90_000))}}"}"""),
        _ => random.Next(20) == 0 ? new byte[200_000] : [1],
    };

    private sealed class Letters : IDeadLetterSink
    {
        public List<(string Reason, SourcePosition Position, long Length, string Sha256)> Noted { get; } = [];

        public void Put(in DeadLetter letter) => Noted.Add((letter.Verdict.ToString(), letter.Position, letter.Length, Convert.ToHexString(letter.Sha256)));
    }
}

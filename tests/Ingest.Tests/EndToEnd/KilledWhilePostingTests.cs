namespace KpiStream.Ingest.Tests.EndToEnd;

/// <summary>The embedded log under <c>kill -9</c> while several senders post: what was acknowledged is there, and nothing counts twice.</summary>
public sealed class KilledWhilePostingTests(ITestOutputHelper output)
{
    // 200 with KPISTREAM_TEST_EFFORT=50, half of them with a state.
    private static readonly int Kills = LongRuns.Scale(2);

    [Theory]
    [InlineData(false, Traits = ["Category", "Long"])]
    [InlineData(true)]
    [Fault("kill -9 at random", "`serve --log` is killed while six senders post", "what was acknowledged is there, and the figures are the recount's")]
    public async Task KilledAtAnyMoment_EveryAcknowledgedEventIsThere_AndTheFiguresAreTheRecounts(bool withState)
    {
        const int Seed = 20250702;
        output.WriteLine($"seed {Seed}, {Kills} kills");
        var chance = new Random(Seed);
        using var folder = new TemporaryFolder();
        var lines = Streams.Generate(GenerateProfile.Ordinary, 1_500 * Kills, Seed);
        folder.Write("cases.ndjson", lines);
        var batches = new NumberedBatches(lines, chance);
        for (var kill = 0; kill < Kills; kill++)
        {
            // A few times while the first posts are on their way, otherwise after one has been answered.
            await LiveAndDieAsync(folder, batches, withState, afterAnAnswer: kill % 5 > 0, TimeSpan.FromMilliseconds(chance.Next(1, 400)));
        }

        output.WriteLine($"{batches.Acknowledged} of {batches.Count} batches acknowledged before the last life");
        Assert.InRange(batches.Acknowledged, Kills, batches.Count - 1);
        await using var server = await LogServer.StartAsync(folder, StateOf(withState));
        await batches.PostAsync(server, senders: 6, most: int.MaxValue);
        Assert.Equal(batches.Count, batches.Acknowledged);
        await MustEqualRecountAsync(server, folder, lines.Count);
    }

    /// <summary>Checkpoints one after another, beside the log and its key.</summary>
    private static string[] StateOf(bool withState) => withState ? ["--state", "log", "--checkpoint-every", "0"] : [];

    private static async Task LiveAndDieAsync(TemporaryFolder folder, NumberedBatches batches, bool withState, bool afterAnAnswer, TimeSpan moment)
    {
        await using var server = await LogServer.StartAsync(folder, StateOf(withState));
        var before = batches.Acknowledged;
        var posting = batches.PostAsync(server, senders: 6, most: batches.Count / Kills / 6);
        if (afterAnAnswer)
        {
            await batches.UntilAcknowledgedAsync(before + 1).WaitAsync(KpiStreamProcess.Limit);
        }

        await Task.WhenAny(Task.Delay(moment), posting);
        await server.Serve.KillAsync();
        await posting;

        var stored = (await LogServer.StoredAsync(server.Log)).ToHashSet();
        Assert.Empty(batches.MustBeStored(folder.File("log/pseudonym.key")).Except(stored));
    }

    /// <summary>The figures served, and those of the log's folder, are those of what was sent, each event once.</summary>
    private async Task MustEqualRecountAsync(LogServer server, TemporaryFolder folder, int sent)
    {
        var stored = await server.CountAsync();
        output.WriteLine($"{sent} events sent, {stored} stored");
        Assert.InRange(stored, sent, sent * 2);
        await server.Serve.UntilAsync("/api/v1/board", board => (long)board["trust"]!["events"]! == stored, KpiStreamProcess.Limit);
        await ServedExport.MustEqualRecountAsync(server.Serve, folder, "cases.ndjson", "month", "2025-07-10", "2025-07-31");

        string[] alike = ["--pseudonym-key", "log/pseudonym.key", "--as-of", "2025-09-01T00:00:00+07:00"];
        var expected = await CountedFigures.OfAsync(folder, "recount", "cases.ndjson", CountedFigures.DefaultPeriods, alike);
        foreach (var command in (string[])["replay", "recount"])
        {
            var logged = await CountedFigures.OfAsync(folder, command, "log", CountedFigures.DefaultPeriods, alike);
            Assert.Equal((expected.Csv, expected.Fingerprint, stored), (logged.Csv, logged.Fingerprint, logged.Events));
        }
    }
}

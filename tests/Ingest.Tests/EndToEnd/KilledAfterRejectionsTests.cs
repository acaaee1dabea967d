namespace KpiStream.Ingest.Tests.EndToEnd;

/// <summary>Today's counts of an embedded log under <c>kill -9</c>: what senders were told is counted, once.</summary>
public sealed class KilledAfterRejectionsTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task KilledBetweenAnAnswerAndTheNextCheckpoint_TodayIsWhatSendersWereTold_AlsoAfterASecondRestart(bool withState)
    {
        const int Seed = 20_251_127;
        output.WriteLine($"seed {Seed}");
        var chance = new Random(Seed);
        using var folder = new TemporaryFolder();
        var begun = DateTimeOffset.UtcNow;
        var told = new Told();
        for (var life = 0; life < 3; life++)
        {
            // With a state the first life leaves a checkpoint of its beginning, and the next is due long after the kill.
            await using var server = await LogServer.StartAsync(folder, withState ? ["--state", "state", "--checkpoint-every", life == 0 ? "1s" : "1h"] : []);
            await MustBeAsync(server, told);
            for (var post = life == 2 ? 8 : 0; post < 8; post++)
            {
                await PostAsync(server, chance, told, begun, post == 0 && life == 0);
            }

            if (LocalTime.DayOf(begun.ToUnixTimeMilliseconds()) != LocalTime.DayOf(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()))
            {
                Assert.Skip("it became midnight meanwhile, and today is another day");
            }

            await MustBeAsync(server, told);
            await server.Serve.KillAsync();
        }

        Assert.True(told is { Accepted: > 0, Late: > 5, Rejected.Count: > 5 }, $"{told.Late} late, {told.Rejected.Count} rejected");
    }

    private static async Task PostAsync(LogServer server, Random chance, Told told, DateTimeOffset begun, bool isFirst)
    {
        var lines = new List<byte[]>();
        var late = 0;
        for (var line = chance.Next(1, 12); line > 0; line--)
        {
            var isLate = !isFirst && chance.Next(4) == 0;
            var isBad = !isFirst && !isLate && chance.Next(2) == 0;
            late += isLate ? 1 : 0;
            lines.Add(isBad ? BadLines.All[chance.Next(1, BadLines.All.Count)].Line
                : Encoding.UTF8.GetBytes(CaseLines.Accepted($"H31-{chance.Next()}", "11953", isLate ? begun.AddDays(-3) : begun.AddHours(-1))));
        }

        var reply = await server.PostAsync([.. lines.SelectMany(line => line.Append((byte)'\n'))]);
        told.Accepted += reply.Accepted;
        told.Late += late;
        told.Rejected.AddRange(reply.Rejections.Select(one => one.Reason));
        Assert.Equal(lines.Count, reply.Accepted + reply.Rejected);
    }

    /// <summary>Once everything is read, the board and the metrics say what was told.</summary>
    private static async Task MustBeAsync(LogServer server, Told told)
    {
        var all = told.Accepted + told.Rejected.Count;
        var board = await server.Serve.UntilAsync(
            "/api/v1/board", board => (bool)board["caughtUp"]! && (long)board["trust"]!["events"]! >= all, KpiStreamProcess.Limit);
        var trust = board["trust"]!;
        Assert.Equal(
            (all, told.Late, told.Rejected.Count), ((int)trust["events"]!, (int)trust["lateToday"]!, (int)trust["rejectedToday"]!));
        Assert.Equal(
            told.Rejected.CountBy(reason => reason).OrderByDescending(row => row.Value).ThenBy(row => row.Key).Take(5),
            trust["rejectedReasons"]!.AsArray().Select(row => new KeyValuePair<string, int>(
                (string?)row!["key"] is { } key ? $"{(string)row["reason"]!}:{key}" : (string)row["reason"]!, (int)row["count"]!)));
    }

    private sealed class Told
    {
        public int Accepted { get; set; }

        public int Late { get; set; }

        public List<string> Rejected { get; } = [];
    }
}

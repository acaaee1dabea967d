namespace KpiStream.Ingest.Tests.Faults;

/// <summary>
/// Figures of random units and days, asked all the time while broker, disk and process fail: each answer is what a recount says of the events put so far,
/// or says that it may not be right.
/// </summary>
[Trait("Category", "Kafka")]
[Trait("Category", "Long")]
public sealed class AskedUnderFaultsTests(ITestOutputHelper output) : IDisposable
{
    private const int Seed = 6_790;
    private const int Events = 4_000;
    private const int Partitions = 3;
    private const string Holds = "a figure of any unit and day, asked at any moment, equals the recount or says why it may not";

    private readonly Random chance = new(Seed);
    private readonly TemporaryFolder folder = new();
    private readonly IReadOnlyList<byte[]> lines = Streams.Generate(GenerateProfile.Mixed, Events, Seed);
    private readonly List<string> wrong = [];
    private Dictionary<string, string> counted = [];
    private string[] questions = [];
    private int right;
    private int said;
    private int silent;

    public void Dispose() => folder.Dispose();

    [Fact]
    [Fault("broker frozen", "the only broker is stopped with SIGSTOP while figures are asked", Holds)]
    [Fault("broker restarted", "the only broker is killed and started again while figures are asked", Holds)]
    [Fault("read-only disk", "the checkpoints' folder is gone while figures are asked", Holds)]
    [Fault("kill -9 at random", "`serve` is killed and reads on from its checkpoint, then from nothing, while figures are asked", Holds)]
    public async Task FiguresAskedAllTheTime_AreRightOrSayWhyTheyMayNotBe()
    {
        await using var broker = await KafkaBroker.StartAsync(nodes: 1);
        output.WriteLine($"seed {Seed}");
        await File.WriteAllTextAsync(folder.File("kpistream.yaml"), "stale_after_seconds: 6\n");
        using var topic = await KafkaTopic.CreateAsync(broker.Bootstrap, Partitions);
        await using (var serve = await GrowAsync(broker, topic, from: 0, to: Events / 2, serve: null))
        {
            await WhileAskedAsync(serve, () => broker.SignalAsync(1, "STOP"), TimeSpan.FromSeconds(8));
            await WhileAskedAsync(serve, () => broker.SignalAsync(1, "CONT"), TimeSpan.FromSeconds(3));
            await WhileAskedAsync(serve, () => broker.KillAsync(1), TimeSpan.FromSeconds(8));
            await WhileAskedAsync(serve, () => broker.RestartAsync(1), TimeSpan.FromSeconds(3));
            await WhileAskedAsync(serve, HideStateAsync, TimeSpan.FromSeconds(2));
            Assert.Same(serve, await GrowAsync(broker, topic, Events / 2, Events, serve));
            await WhileAskedAsync(serve, serve.KillAsync, TimeSpan.FromSeconds(1));
        }

        for (var life = 0; life < 2; life++)
        {
            await using var next = await StartAsync(broker, topic);
            await WhileAskedAsync(next, () => next.UntilAsync("/api/v1/board", AllCounted(Events), KpiStreamProcess.Limit), TimeSpan.FromSeconds(2));
            await next.KillAsync();
            Directory.Delete(folder.File("state"), recursive: true);
        }

        Seen.Say(output, $"{right} answers right, {said} others that said why, {silent} questions without an answer");
        Assert.True(wrong is [], string.Join('\n', wrong.Take(5)));
        // A fast machine has read the past before it is asked for the first time, and then has nothing to say.
        Assert.True(right >= 1_000, $"{right} right, {said} said: this proves nothing");
    }

    /// <summary>Nothing is asked meanwhile: what is right changes.</summary>
    private async Task<ServeProcess> GrowAsync(KafkaBroker broker, KafkaTopic topic, int from, int to, ServeProcess? serve)
    {
        topic.PutAcross(Partitions, lines.Skip(from).Take(to - from));
        serve ??= await StartAsync(broker, topic);
        await serve.UntilAsync("/api/v1/board", AllCounted(to), KpiStreamProcess.Limit);
        await serve.UntilReadyAsync();
        folder.Write("cases.ndjson", lines.Take(to));
        var csv = (await CountedFigures.OfAsync(folder, "recount", "cases.ndjson", "day", "--as-of", "2025-08-31T23:59:59+07:00", "--rollup", "--rulebook",
            ServedExport.AllFigures(folder))).Csv;
        var rows = csv.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(static row => row.Split(',')).ToList();
        counted = rows.Where(static row => row[5] != "0").ToDictionary(static row => $"{row[0]} {row[1]} {row[3]}", static row => $"{row[5]} {row[6]}");
        questions = [.. rows.Select(static row => $"unit={row[1]}&period=day&on={row[3]}").Distinct()];
        return serve;
    }

    private static Func<JsonNode, bool> AllCounted(int events) => board => (long)board["trust"]!["events"]! >= events;

    private Task<ServeProcess> StartAsync(KafkaBroker broker, KafkaTopic topic) =>
        ServeProcess.OverTopicAsync(folder, broker.Bootstrap, topic.Name, "--state", "state", "--checkpoint-every", "1s");

    // Checkpoints fail until a folder is there again; the older ones are lost with it.
    private Task HideStateAsync()
    {
        Directory.Delete(folder.File("state"), recursive: true);
        return Task.CompletedTask;
    }

    private async Task WhileAskedAsync(ServeProcess serve, Func<Task> fault, TimeSpan after)
    {
        using var stop = new CancellationTokenSource();
        var asking = AskAsync(serve, stop.Token);
        await fault();
        await Task.Delay(after);
        await stop.CancelAsync();
        await asking;
    }

    private async Task AskAsync(ServeProcess serve, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var question = questions[chance.Next(questions.Length)];
            try
            {
                Judge(question, (await serve.GetAsync($"/api/v1/figures?{question}")).AsArray());
            }
            catch (HttpRequestException)
            {
                silent++;
                await Task.Delay(TimeSpan.FromMilliseconds(50), CancellationToken.None);
            }
        }
    }

    private void Judge(string question, JsonArray figures)
    {
        var on = question[^10..];
        var told = figures.Where(static figure => figure!["procedures"] is null).ToList();
        var bad = told.Where(figure => counted.GetValueOrDefault($"{figure!["kpi"]} {figure["unit"]} {on}", "0") is var expected
            && expected != ((long)figure["denominator"]! == 0 ? "0" : $"{figure["denominator"]} {figure["numerator"]}")).ToList();
        if (bad is [])
        {
            right++;
        }
        else if (told.TrueForAll(static figure => (string)figure!["state"]! is "no_data"))
        {
            said++;
        }
        else
        {
            wrong.Add($"{question}: {bad[0]}, recount says {counted.GetValueOrDefault($"{bad[0]!["kpi"]} {bad[0]!["unit"]} {on}", "0")}");
        }
    }
}

using System.IO.Compression;

namespace KpiStream.Ingest.Tests.EndToEnd;

/// <summary>Records of one form brought to the program on every way there is; each way's figures, counted under one key at one instant.</summary>
/// <param name="folder">Where files go; <c>a.key</c> in it is the pseudonym key.</param>
/// <param name="bootstrap">A real broker.</param>
/// <param name="say">Told sizes and speeds.</param>
internal sealed class IngestRoutes(TemporaryFolder folder, string bootstrap, Action<string> say)
{
    /// <summary>The default periods and every other way of asking.</summary>
    public const string Periods = CountedFigures.DefaultPeriods + "," + CountedFigures.AllPeriods;

    private const string AsOf = "2025-07-24T12:00:00+07:00";

    public string Key => folder.File("a.key");

    /// <summary>Files: as they are, compressed, through a pipe, and converted into a recording.</summary>
    public async Task<IReadOnlyList<Counted>> FilesAsync(string form, byte[] body, string? profile)
    {
        var (plain, packed, recording) = (folder.File(form), folder.File(form + ".gz"), folder.File(form + ".kpirec"));
        await File.WriteAllBytesAsync(plain, body);
        await using (var to = new GZipStream(File.Create(packed), CompressionLevel.Optimal))
        {
            await to.WriteAsync(body);
        }

        Assert.Equal(0, await CommandTree.RunAsync(["convert", plain, recording, "--pseudonym-key", Key, .. ProfileArguments(profile)]));
        say($"{form}: {body.Length:N0} bytes, gzip {new FileInfo(packed).Length:N0}, recording {new FileInfo(recording).Length:N0}");
        return
        [
            .. await BothAsync($"{form} file", [plain], profile), .. await BothAsync($"{form} gzip", [packed], profile), await PipeAsync(form, body, profile),
            .. await BothAsync($"{form} converted", [recording], null),
        ];
    }

    /// <summary>A topic: as it is, and recorded.</summary>
    public async Task<IReadOnlyList<Counted>> TopicAsync(string form, IEnumerable<byte[]> records, string? profile)
    {
        using var topic = await KafkaTopic.CreateAsync(bootstrap, 3);
        topic.PutAcross(3, records);
        string[] source = [$"kafka:{topic.Name}", "--bootstrap", bootstrap];
        var recording = folder.File($"{form}-recorded.kpirec");
        Assert.Equal(0, await CommandTree.RunAsync(
            ["record", "--from", .. source, "--out", recording, "--until", "end", "--pseudonym-key", Key, .. ProfileArguments(profile)]));
        return [.. await BothAsync($"{form} topic", source, profile), .. await BothAsync($"{form} recorded", [recording], null)];
    }

    /// <summary>An embedded log, posted to by several senders in batches of many sizes: its folder while it is served, and what is served.</summary>
    public async Task<IReadOnlyList<Counted>> LogAsync(string form, IReadOnlyList<byte[]> records, string? profile)
    {
        using var site = new TemporaryFolder();
        var profiles = profile is null ? "" : $"profiles: [{{topic: cases, profile: {profile}}}]\n";
        await File.WriteAllTextAsync(site.File("kpistream.yaml"), $"pseudonym_key_file: {Key}\n{profiles}");
        await using var server = await LogServer.StartAsync(site);
        var began = TimeProvider.System.GetTimestamp();
        await PostAsync(server, form, records, profile is null ? "" : "?profile=national");
        var took = TimeProvider.System.GetElapsedTime(began);
        say($"{form}: posted in {took.TotalSeconds:0.0} s, {records.Count / took.TotalSeconds:N0} events/s acknowledged");
        await server.Serve.UntilAsync("/api/v1/board", board => (long)board["trust"]!["events"]! == records.Count, KpiStreamProcess.Limit);
        await ServedExport.MustEqualRecountAsync(server.Serve, folder, $"{form}.kpirec", "month", "2025-07-10", "2025-07-31");
        return await BothAsync($"{form} log", [server.Log], null);
    }

    private static async Task PostAsync(LogServer server, string form, IReadOnlyList<byte[]> records, string query)
    {
        var chance = new Random(records.Count);
        var batches = new List<(int From, int Count)>();
        for (var at = 0; at < records.Count; at += batches[^1].Count)
        {
            batches.Add((at, Math.Min(records.Count - at, chance.Next(1, 2_000))));
        }

        await Parallel.ForEachAsync(batches, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (batch, _) =>
        {
            var reply = await server.PostAsync(EventForms.Body(form, records.Skip(batch.From).Take(batch.Count)), null, query);
            Assert.True((reply.Status, reply.Text) is (HttpStatusCode.OK, _), reply.Text);
            Assert.Equal(batch.Count, reply.Accepted);
        });
    }

    private static string[] ProfileArguments(string? profile) => profile is null ? [] : ["--profile", profile];

    private string[] Asked(string? profile) => ["--periods", Periods, "--as-of", AsOf, "--pseudonym-key", Key, .. ProfileArguments(profile)];

    /// <summary>Replayed, and counted again by <c>recount</c>: in a short run every way of one form and the file of every form, in a long one all.</summary>
    private async Task<IReadOnlyList<Counted>> BothAsync(string way, string[] source, string? profile)
    {
        var isRecounted = LongRuns.Effort > 1 || way.EndsWith(" file") || way.StartsWith("compact");
        var replay = await CountRun.OfAsync(folder, ["replay", .. source, .. Asked(profile)]);
        say($"{way}: {replay["events_per_s"]:N0} events/s, {replay.Report.GetProperty("cpu_us_per_event").GetDouble():0.00} us CPU each");
        return isRecounted
            ? [new Counted(way, replay), new Counted($"{way}, recounted", await CountRun.OfAsync(folder, ["recount", .. source, .. Asked(profile)]))]
            : [new Counted(way, replay)];
    }

    private async Task<Counted> PipeAsync(string form, byte[] body, string? profile)
    {
        var (csv, report) = (folder.File($"{form}.csv"), folder.File($"{form}.json"));
        var run = await KpiStreamProcess.RunAsync(body, ["replay", "-", .. Asked(profile), "--export", csv, "--report", report]);
        Assert.True(run.ExitCode == 0, run.Errors);
        using var parsed = System.Text.Json.JsonDocument.Parse(await File.ReadAllBytesAsync(report));
        return new Counted($"{form} pipe", new CountRun(run.ExitCode, await File.ReadAllTextAsync(csv), parsed.RootElement.Clone()));
    }

    /// <summary>What a way gave.</summary>
    internal sealed record Counted(string Way, CountRun Run);
}

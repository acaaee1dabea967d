namespace KpiStream.Ingest.Tests.Host;

/// <summary>One <c>replay</c> or <c>recount</c> through the program's own command line, in this process, and the files it left.</summary>
internal sealed record CountRun(int ExitCode, string Csv, JsonElement Report)
{
    /// <summary>Every way of asking for periods.</summary>
    public const string AllPeriods = "day,month,quarter,year,1h,24h,7d,30d,since:2025-07-01,2025-07-03..2025-07-20,now";

    public string Fingerprint => Report.GetProperty("fingerprint").GetString()!;

    public long this[string field] => Report.GetProperty(field).GetInt64();

    /// <summary>Rejected events by reason.</summary>
    public IReadOnlyDictionary<string, long> Rejected =>
        Report.GetProperty("rejected").EnumerateObject().ToDictionary(reason => reason.Name, reason => reason.Value.GetInt64());

    /// <summary>Runs a command that is expected to leave figures and a report.</summary>
    public static async Task<CountRun> OfAsync(TemporaryFolder folder, params IEnumerable<string> arguments)
    {
        var csv = folder.File(Guid.NewGuid() + ".csv");
        var report = folder.File(Guid.NewGuid() + ".json");
        var run = await CommandRun.OfAsync([.. arguments, "--export", csv, "--report", report]);
        using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(report));
        return new CountRun(run.ExitCode, await File.ReadAllTextAsync(csv), document.RootElement.Clone());
    }
}

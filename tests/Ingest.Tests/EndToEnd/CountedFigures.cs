namespace KpiStream.Ingest.Tests.EndToEnd;

/// <summary>What a run of <c>replay</c> or <c>recount</c> found: the figures' bytes and the report.</summary>
internal sealed record CountedFigures(string Csv, JsonNode Report)
{
    public const string DefaultPeriods = "day,month,year";
    public const string AllPeriods = "quarter,1h,24h,7d,30d,since:2025-07-01,2025-07-03..2025-07-20,now";

    public string Fingerprint => (string)Report["fingerprint"]!;

    public long Events => (long)Report["events"]!;

    /// <summary>Counts a source to its end with the real program.</summary>
    /// <param name="folder">Where it works.</param>
    /// <param name="command"><c>replay</c> or <c>recount</c>.</param>
    /// <param name="source">As on the command line.</param>
    /// <param name="periods">Likewise.</param>
    /// <param name="more">Further options.</param>
    public static async Task<CountedFigures> OfAsync(TemporaryFolder folder, string command, string source, string periods, params string[] more)
    {
        var name = Guid.NewGuid().ToString("N");
        var run = await KpiStreamProcess.RunInAsync(folder.Path, Arguments(command, source, periods, name, more));
        run.MustSucceed();
        return await ReadAsync(folder, name);
    }

    public static string[] Arguments(string command, string source, string periods, string name, params string[] more) =>
        [command, source, "--periods", periods, "--export", $"{name}.csv", "--report", $"{name}.json", .. more];

    public static async Task<CountedFigures> ReadAsync(TemporaryFolder folder, string name) => new(
        await File.ReadAllTextAsync(folder.File($"{name}.csv")), JsonNode.Parse(await File.ReadAllTextAsync(folder.File($"{name}.json")))!);

    /// <summary>The figures are equal to the byte, the contributions behind them are equal, and so is what was rejected and why.</summary>
    public void MustEqual(CountedFigures other)
    {
        Assert.True(Csv.Length > 1_000, "hardly any figure: this proves nothing");
        Assert.Equal(Csv, other.Csv);
        Assert.Equal(Fingerprint, other.Fingerprint);
        Assert.Equal(Events, other.Events);
        Assert.Equal(Report["rejected"]!.ToJsonString(), other.Report["rejected"]!.ToJsonString());
        Assert.Equal((long)Report["cases"]!, (long)other.Report["cases"]!);
    }

    public override string ToString() => Report.ToJsonString(new JsonSerializerOptions { WriteIndented = false });
}

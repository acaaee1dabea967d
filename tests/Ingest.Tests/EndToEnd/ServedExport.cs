namespace KpiStream.Ingest.Tests.EndToEnd;

/// <summary>What <c>/api/v1/figures</c> says of a past period beside what <c>recount</c> exports of the same events.</summary>
internal static class ServedExport
{
    /// <summary>The shipped rulebook with all its figures exported, as a file of the folder: its name.</summary>
    public static string AllFigures(TemporaryFolder folder)
    {
        const string Name = "all-figures.yaml";
        File.WriteAllText(folder.File(Name), Shipped.Text("rulebook.yaml").Replace("export: false", "export: true"));
        return Name;
    }

    /// <summary>
    /// Denominators and numerators of every figure, parents included, against the recount's export as of the period's last second, by the shipped rulebook with
    /// all its figures exported.
    /// </summary>
    /// <param name="serve">The server asked.</param>
    /// <param name="folder">Where the recount works.</param>
    /// <param name="cases">A file there with the events served, as on the command line.</param>
    /// <param name="period">A calendar period.</param>
    /// <param name="on">A local day in it.</param>
    /// <param name="last">Its last local day.</param>
    public static async Task MustEqualRecountAsync(ServeProcess serve, TemporaryFolder folder, string cases, string period, string on, string last)
    {
        var recount = await CountedFigures.OfAsync(
            folder, "recount", cases, period, "--as-of", $"{last}T23:59:59+07:00", "--rollup", "--rulebook", AllFigures(folder));
        var counted = recount.Csv.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)
            .Where(row => row.Contains($",{last},"))
            .Select(row => row.Split(',')).Select(row => $"{row[0]} {row[1]} {row[5]} {row[6]}").Order().ToList();
        var served = (await serve.GetAsync($"/api/v1/figures?period={period}&on={on}")).AsArray()
            .Where(row => (long)row!["denominator"]! > 0 && row["procedures"] is null) // exports have no figures of procedures
            .Select(row => $"{row!["kpi"]} {row["unit"]} {row["denominator"]} {row["numerator"]}").Order().ToList();
        Assert.True(counted.Count > 300, $"only {counted.Count} rows: this proves nothing");
        Assert.Equal(counted, served);
    }
}

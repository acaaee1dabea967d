namespace KpiStream.Ingest.Tests.Host;

/// <summary>A list of the catalogue's eligible procedures is filled or refused, never empty in silence.</summary>
public sealed class CatalogueOptionTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public CatalogueOptionTests()
    {
        // The shipped rulebook, its list of justice matters being the catalogue's.
        var text = Shipped.Text("rulebook.yaml");
        var from = text.IndexOf("  justice:");
        var end = text.IndexOf('\n', from);
        File.WriteAllText(folder.File("rules.yaml"), text[..from] + "  justice: {catalogue: eligible}" + text[end..]);
        File.WriteAllText(folder.File("procedures.csv"), "code,name,field,level,eligible,fee\n1.005268,Khai sinh,,full,true,\n2.000815,Bản "
            + "sao,,full,false,\n");
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("replay")]
    [InlineData("recount")]
    [InlineData("case")]
    public async Task WithoutACatalogue_TheListIsNamedWithWhatToDo(string command)
    {
        var said = await CommandRun.OfAsync(
            [command, .. command == "case" ? ["X"] : Array.Empty<string>(), GoldenFiles.PathOf("ordinary.ndjson"), "--rulebook", folder.File("rules.yaml")]);
        Assert.Equal(ExitCode.Configuration, said.ExitCode);
        Assert.Contains("lists.justice.catalogue: needs a procedure catalogue: name one with --procedures", said.Errors);
    }

    [Fact]
    public async Task WithACatalogue_ReplayAndRecountCountItsEligibleProcedures()
    {
        string[] arguments = [GoldenFiles.PathOf("ordinary.ndjson"), "--rulebook", folder.File("rules.yaml"), "--procedures", folder.File("procedures.csv"),
            "--periods", "year", "--rollup"];
        var (replay, recount) = (await CountRun.OfAsync(folder, ["replay", .. arguments]), await CountRun.OfAsync(folder, ["recount", .. arguments]));
        Assert.Equal((0, recount.Csv, recount.Fingerprint), (replay.ExitCode, replay.Csv, replay.Fingerprint));
        var shipped = await CountRun.OfAsync(folder, ["replay", GoldenFiles.PathOf("ordinary.ndjson"), "--periods", "year", "--rollup"]);
        Assert.True(Justice(replay) > 0);
        Assert.NotEqual(Justice(shipped), Justice(replay));
    }

    private static long Justice(CountRun run) =>
        run.Csv.Split('\n').Where(row => row.StartsWith("fully_online_justice,33,")).Sum(row => long.Parse(row.Split(',')[5]));
}

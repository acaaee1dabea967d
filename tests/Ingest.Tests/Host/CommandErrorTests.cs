using System.IO.Compression;

namespace KpiStream.Ingest.Tests.Host;

/// <summary>What the program says when something is wrong: a sentence, the right exit code, nothing on standard output and never a stack trace.</summary>
public sealed class CommandErrorTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("", "known are serve, replay, recount, record, convert, generate, load, check-config, case")]
    [InlineData("reply x", "'reply' is no command; did you mean 'replay'? known are serve, replay, recount, record, convert, generate, load, check-config")]
    [InlineData("replay", "'SOURCE'")]
    [InlineData("replay x --frob", "'--frob' is no option of this command")]
    [InlineData("generate --frob", "'--frob'")]
    [InlineData("replay x --periods day,week", "'week' is no period. Known are day, month, quarter, year, now, <n>h, <n>d")]
    [InlineData("recount x --periods 2025-07-20..2025-07-03", "is no period")]
    [InlineData("replay x --shards 0", "--shards: '0' is no whole number from 1 to 64")]
    [InlineData("replay x --shards 65", "from 1 to 64")]
    [InlineData("replay x --shards two", "'two' is no whole number from 1 to 64")]
    [InlineData("replay x --speed fast", "'fast' is neither max nor a multiple like 1x or 60x")]
    [InlineData("replay x --speed 0x", "neither max nor a multiple")]
    [InlineData("replay x --as-of 2025-07-15", "Write it like 2025-07-15T12:00:00+07:00")]
    [InlineData("replay x --export - --report -", "cannot both be '-'")]
    [InlineData("replay kafka:cases", "--bootstrap host:port")]
    [InlineData("recount kafka: --bootstrap localhost:9", "kafka:cases")]
    [InlineData("replay kafka:cases x --bootstrap localhost:9", "must be the only source")]
    [InlineData("replay kafka:cases --bootstrap localhost:9 --kafka nonsense", "is not key=value")]
    [InlineData("replay kafka:cases --bootstrap localhost:9 --give-up-after 0",
        "--give-up-after: '0' is no duration from 1s to 1d, like 500ms, 30s, 10m, 2h or 1d; a number alone counts seconds")]
    [InlineData("replay kafka:cases --bootstrap localhost:9 --kafka-drain fast", "--kafka-drain: 'fast' is none of batched, stock")]
    [InlineData("generate --kafka-drain stock", "'--kafka-drain'")]
    [InlineData("generate --profile wild", "none of ordinary, mixed, hostile")]
    [InlineData("generate --profile 1", "none of ordinary, mixed, hostile")]
    [InlineData("generate --events many", "'many' is no whole number from 1")]
    [InlineData("generate --seed -1", "'-1' is no whole number from 0")]
    [InlineData("generate --start 1.7.2025", "like 2025-07-01")]
    [InlineData("generate --out kafka:cases", "--bootstrap host:port")]
    [InlineData("case so-1", "case needs either sources to read or --url to ask")]
    [InlineData("case so-1 x --url http://localhost:1", "case needs either sources to read or --url to ask")]
    [InlineData("case so-1 --url ftp://localhost", "--url must be an address like http://localhost:8080")]
    [InlineData("case - -", "CODE and SOURCE cannot both be '-'")]
    [InlineData("serve --demo --port 65536", "from 0 to 65535")]
    [InlineData("serve --demo --board-period now", "like 30d")]
    [InlineData("serve --self-check 0s", "--self-check: '0s' is no duration from 1s to 31d, like 500ms, 30s, 10m, 2h or 1d, nor off")]
    [InlineData("serve --self-check 32d", "is no duration from")]
    [InlineData("doctor --self-check often", "is no duration from")]
    public Task MistakeOnTheCommandLine_IsNamedWithWhatIsAllowed(string arguments, string said) =>
        AssertErrorAsync(2, said, arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    [Theory]
    [InlineData("replay")]
    [InlineData("recount")]
    public async Task MissingFileOrFolder_IsNamed(string command)
    {
        await AssertErrorAsync(4, "does not exist: check the path", command, folder.File("nowhere.ndjson"));
        await AssertErrorAsync(4, "is a folder", command, folder.Path);
    }

    [Fact]
    public async Task UnreadableConfiguration_IsNamedWithFileLineAndKey()
    {
        var rulebook = folder.File("rulebook.yaml");
        var shipped = await File.ReadAllTextAsync(RepositoryRoot.File("ingest/Sources/Shipped/rulebook.yaml"));
        await File.WriteAllTextAsync(rulebook, "\n" + shipped.Replace("time: ended", "time: endet"));
        var units = folder.File("units.csv");
        await File.WriteAllTextAsync(units, "code,name,kind,parent\n33,Hưng Yên,tỉnh,\n12850,Tây Thụy Anh\n");
        var golden = GoldenFiles.PathOf("ordinary.ndjson");
        foreach (var command in (string[][])[["replay", golden], ["recount", golden], ["check-config"]])
        {
            await AssertConfigurationAsync(@"rulebook\.yaml:\d+: \S*time.*\bended\b", [.. command, "--rulebook", rulebook]);
            await AssertConfigurationAsync(@"units\.csv:3: 2 fields", [.. command, "--units", units]);
        }

        await AssertConfigurationAsync("there is no such file.*hungyen, sonla, vn", ["replay", golden, "--units", folder.File("none.csv")]);
        await AssertConfigurationAsync("there is no such file", ["replay", golden, "--rulebook", folder.File("none.yaml")]);
        await AssertConfigurationAsync("none.key", ["recount", golden, "--pseudonym-key", folder.File("none.key")]);
    }

    [Theory]
    [InlineData("replay", 1)]
    [InlineData("recount", 1)]
    [InlineData("replay", 10)]
    [InlineData("recount", 2_000)]
    public async Task GzipCutOff_IsDamageAndNotAnEnd(string command, int missing)
    {
        var whole = await PackedAsync(GoldenFiles.PathOf("ordinary.ndjson"));
        var cut = folder.File("cut.ndjson.gz");
        await File.WriteAllBytesAsync(cut, whole[..^missing]);
        var result = await CommandRun.OfAsync(command, cut);
        AssertError(5, "cut.ndjson.gz: the gzip data is damaged or cut off in line", result);

        var fromInput = await KpiStreamProcess.RunAsync(whole.AsMemory(0, whole.Length - missing), command, "-");
        AssertError(5, "standard input: the gzip data is damaged or cut off in line", fromInput);
    }

    [Fact]
    public async Task OutputThatCannotBeWritten_IsNamed()
    {
        var golden = GoldenFiles.PathOf("mixed.ndjson");
        var nowhere = folder.File("no/such/folder/x");
        foreach (var option in (string[])["--export", "--report", "--dead-letters"])
        {
            await AssertErrorAsync(4, nowhere, "replay", golden, option, nowhere);
            await AssertErrorAsync(4, "is a folder", "replay", golden, option, folder.Path);
        }

        await AssertErrorAsync(4, nowhere, "recount", golden, "--export", nowhere);
        await AssertErrorAsync(4, nowhere, "generate", "--out", nowhere);
    }

    [Fact]
    public async Task DiskFull_IsSaid()
    {
        const string Full = "/dev/full";
        Assert.SkipUnless(File.Exists(Full), "only Linux has a disk that is always full");
        var golden = GoldenFiles.PathOf("mixed.ndjson");
        await AssertErrorAsync(4, "the result cannot be written", "replay", golden, "--export", Full);
        await AssertErrorAsync(4, "cannot be written", "generate", "--out", Full);

        // The figures do not hang on the letters: they are there, and the exit code says that letters are not.
        var result = await KpiStreamProcess.RunAsync("replay", golden, "--dead-letters", Full, "--export", "-");
        Assert.Equal(4, result.ExitCode);
        TextAssert.SameLines(GoldenFiles.Expected("mixed", "default"), result.Text);
        Assert.Contains("dead letters were lost", result.Errors);
    }

    [Theory]
    [InlineData("replay")]
    [InlineData("recount")]
    public async Task NobodyListensAtTheBroker_GivesUpInTheTimeAsked(string command)
    {
        var began = TimeProvider.System.GetTimestamp();
        var result = await CommandRun.OfAsync(command, "kafka:cases", "--bootstrap", "127.0.0.1:1", "--give-up-after", "2");
        AssertError(4, "127.0.0.1:1", result);
        Assert.InRange(TimeProvider.System.GetElapsedTime(began).TotalSeconds, 0, 60);
    }

    private static async Task AssertConfigurationAsync(string pattern, IEnumerable<string> arguments)
    {
        var result = await CommandRun.OfAsync(arguments);
        Assert.Equal(3, result.ExitCode);
        Assert.Matches(pattern, result.Errors + result.Text);
        Assert.DoesNotContain("   at ", result.Errors);
    }

    private static async Task AssertErrorAsync(int exit, string said, params string[] arguments) =>
        AssertError(exit, said, await CommandRun.OfAsync(arguments));

    private static void AssertError(int exit, string said, ProgramResult result)
    {
        Assert.Contains(said, result.Errors);
        Assert.Contains("kpistream: ", result.Errors);
        Assert.DoesNotContain("   at ", result.Errors);
        Assert.DoesNotContain("xception", result.Errors);
        Assert.Equal(exit, result.ExitCode);
        if (exit != 5)
        {
            Assert.Empty(result.Output); // What was read before damage is still printed.
        }
    }

    private static async Task<byte[]> PackedAsync(string path)
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync(await File.ReadAllBytesAsync(path));
        }

        return packed.ToArray();
    }
}

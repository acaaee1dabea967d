namespace KpiStream.Ingest.Tests.Host.Output;

/// <summary>Standard streams that are full, closed, or read by one that leaves: a sentence and exit 4, or silence; never a stack trace, never a hang.</summary>
public sealed class StandardStreamsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(">/dev/full", "standard output cannot be written")]
    [InlineData(">&-", "closed")]
    public async Task OutputOfAnyCommandThatIsLost_IsExitFourWithASentence(string redirection, string said)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux has a device that is always full");
        var golden = GoldenFiles.PathOf("mixed.ndjson");
        string[] commands =
        [
            $"replay '{golden}'", $"replay '{golden}' --export -", $"recount '{golden}' --report -", $"recount '{golden}' --export /dev/stdout",
                "generate --events 20000", "check-config --print-defaults", "check-config --json",
            $"case H31 '{golden}' --help", $"snapshot inspect '{GoldenFiles.PathOf("checkpoint-1.kpistate")}'", "doctor --demo --port 0", "--help",
        ];

        // At the same time, because each is mostly a program that starts.
        var script = string.Join(
            '\n', commands.Select((command, index) => $"( timeout -k 1 150 {Program} {command} {redirection} 2>e{index}; echo $? >x{index} ) </dev/null &"));
        Assert.Equal(0, (await ShellAsync($"{script}\nwait")).ExitCode);
        foreach (var (index, command) in commands.Index())
        {
            var errors = await File.ReadAllTextAsync(folder.File($"e{index}"));
            Assert.True(await File.ReadAllTextAsync(folder.File($"x{index}")) == "4\n"
                && errors.Contains(said), $"{command} {redirection}: {errors}");
            Assert.DoesNotContain("   at ", errors);
        }
    }

    [Theory]
    [InlineData("nothing 2>&-", 4, "standard error cannot be written: it is closed.")]
    [InlineData("replay nothing 2>/dev/full", 4, "standard error cannot be written: No space left on device.")]
    [InlineData("replay - <&-", 4, "standard input is closed")]
    [InlineData("case - nothing <&-", 2, "a case code has 1 to 64 bytes")]
    [InlineData("replay nothing >&- 2>&- <&-", 4, "")]
    public async Task AnythingElseThatIsClosedOrFull_EndsWithItsExitCode(string line, int exit, string said)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux has a device that is always full");
        var result = await ShellAsync($"timeout -k 1 150 {Program} {line}");
        var all = result.Errors + result.Text;
        Assert.True(result.ExitCode == exit && all.Contains(said), $"{line}: exit {result.ExitCode}: {all}");
        Assert.DoesNotContain("   at ", all);
    }

    [Fact]
    public async Task FailedWrite_LeavesTheOlderFileAsItWas()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux has the shell's limit on files");
        // A limit on the length of files stands for a disk that becomes full in the middle.
        var golden = GoldenFiles.PathOf("ordinary.ndjson");
        string[] commands = [$"replay '{golden}' --export figures.csv", "generate --events 5000 --out cases.ndjson"];
        await File.WriteAllTextAsync(folder.File("figures.csv"), "older");
        await File.WriteAllTextAsync(folder.File("cases.ndjson"), "older");
        foreach (var command in commands)
        {
            var result = await ShellAsync($"trap '' XFSZ; ulimit -f 8; DOTNET_EnableWriteXorExecute=0 DOTNET_TieredCompilation=1 {Program} {command}");
            Assert.True(result.ExitCode == 4
                && result.Errors.Contains("cannot be written"), $"{command}: exit {result.ExitCode}: {result.Errors}");
        }

        Assert.Equal("older", await File.ReadAllTextAsync(folder.File("figures.csv")));
        Assert.Equal("older", await File.ReadAllTextAsync(folder.File("cases.ndjson")));
        Assert.Equal(2, Directory.GetFiles(folder.Path).Length);
    }

    private static string Program => $"'{KpiStreamProcess.Runtime}' '{KpiStreamProcess.Assembly}'";

    private Task<ProgramResult> ShellAsync(string script) => KpiStreamProcess.ShellAsync($"cd '{folder.Path}'\n{script}");
}

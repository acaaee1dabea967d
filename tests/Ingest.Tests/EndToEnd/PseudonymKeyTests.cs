namespace KpiStream.Ingest.Tests.EndToEnd;

/// <summary>Which key the program uses, as its fingerprints and files show, and that nobody is told.</summary>
public sealed class PseudonymKeyTests : IDisposable
{
    private const string One = "000102030405060708090a0b0c0d0e0f";
    private const string Two = "f0e0d0c0b0a090807060504030201000";

    // Nobody answers there: serve listens and waits, which is all these tests need.
    private static readonly string[] NoBroker = ["--bootstrap", "localhost:1", "--topic", "none"];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task FirstStartOfServe_MakesAKeyForItsOwnerThatTheNextStartKeeps()
    {
        var path = folder.File("kpistream-state/pseudonym.key");
        var first = await LiveOnceAsync(path, NoBroker);
        var second = await LiveOnceAsync(path, NoBroker);

        Assert.Equal(first, second);
        Assert.Equal(["pseudonym.key"], Directory.GetFiles(folder.File("kpistream-state")).Select(Path.GetFileName));
    }

    [Fact]
    public async Task KeyFileOfTheSettings_IsMadeBesideThem()
    {
        Directory.CreateDirectory(folder.File("etc"));
        await File.WriteAllTextAsync(folder.File("etc/kpistream.yaml"), "pseudonym_key_file: secret/a.key\nstate_dir: state\n");
        await LiveOnceAsync(folder.File("etc/secret/a.key"), [.. NoBroker, "--config", "etc/kpistream.yaml"]);
        Assert.False(File.Exists(folder.File("etc/state/pseudonym.key")));
        Assert.False(Directory.Exists(folder.File("kpistream-state")));
    }

    [Fact]
    public async Task Demo_LeavesNothingOnTheDisk()
    {
        await using (await ServeProcess.StartAsync(folder, "--demo"))
        {
        }

        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task StateDirectoryOfTheServiceManager_HoldsTheKey()
    {
        var state = folder.File("var");
        var result = await KpiStreamProcess.ShellAsync(
            $"cd '{folder.Path}'; export STATE_DIRECTORY='{state}:/nowhere'; timeout -s TERM 120 '{KpiStreamProcess.Runtime}' '{KpiStreamProcess.Assembly}' "
                + $"serve --port 0 {string.Join(' ', NoBroker)} &"
            + $" for i in $(seq 1000); do [ -e '{state}/pseudonym.key' ] && break; sleep 0.1; done; kill %1; wait %1; stat -c %a '{state}/pseudonym.key'");
        Assert.Equal("600", result.Text.Trim());
    }

    [Fact]
    public async Task KeyOfEnvironmentAndKeyOfFile_GiveTheSameFingerprintAndTheFixedOneAnother()
    {
        WriteKey("one.key", One);
        WriteKey("two.key", Two);
        var fixedKey = await FingerprintAsync("", "");
        var fromFile = await FingerprintAsync("", "--pseudonym-key one.key");
        Assert.Equal(fromFile, await FingerprintAsync($"{PseudonymKeyChoice.Variable}={One}", ""));
        Assert.Equal(3, new[] { fixedKey, fromFile, await FingerprintAsync("", "--pseudonym-key two.key") }.Distinct().Count());
    }

    [Fact]
    public async Task KeyNamedTwice_IsRefusedWithWhatToRemove()
    {
        WriteKey("one.key", One);
        await File.WriteAllTextAsync(folder.File("kpistream.yaml"), "pseudonym_key_file: one.key\n");
        await AssertRefusedAsync(
            $"{PseudonymKeyChoice.Variable}={One} kpistream replay cases.ndjson --pseudonym-key one.key", "and by --pseudonym-key; remove one of them");
        await AssertRefusedAsync(
            $"{PseudonymKeyChoice.Variable}={Two} kpistream serve --demo", "and by 'pseudonym_key_file' of the settings; remove one of them");
        await AssertRefusedAsync($"{PseudonymKeyChoice.Variable}={Two} kpistream check-config", "remove one of them");
    }

    [Fact]
    public async Task KeyThatIsNone_IsRefusedWithoutShowingIt()
    {
        await AssertRefusedAsync($"{PseudonymKeyChoice.Variable}={One}00 kpistream serve --demo", "holds no pseudonym key; set it to 32 hexadecimal digits");
        await AssertRefusedAsync($"{PseudonymKeyChoice.Variable}={One[1..]} kpistream recount cases.ndjson", "holds no pseudonym key");
        WriteKey("one.key", One);
        await AssertRefusedAsync("chmod 640 one.key; kpistream replay cases.ndjson --pseudonym-key one.key", "chmod 600 one.key");
    }

    private async Task<string> LiveOnceAsync(string keyFile, params string[] arguments)
    {
        await using var serve = await ServeProcess.StartAsync(folder, arguments);
        var key = (await File.ReadAllTextAsync(keyFile)).Trim();
        Assert.Matches("^[0-9a-f]{32}$", key);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(keyFile));
        }

        Assert.Equal(0, (await serve.TerminateAsync()).ExitCode);
        Assert.DoesNotContain(key, serve.ToString());
        return key;
    }

    private async Task<string> FingerprintAsync(string environment, string options)
    {
        var result = await KpiStreamProcess.ShellAsync(
            $"cd '{folder.Path}'; {environment} kpistream replay '{GoldenFiles.PathOf("ordinary.ndjson")}' {options} | grep fingerprint");
        Assert.Equal("", result.Errors);
        return result.Text;
    }

    private async Task AssertRefusedAsync(string script, string said)
    {
        var result = await KpiStreamProcess.ShellAsync($"cd '{folder.Path}'; touch cases.ndjson; {script}");
        Assert.Equal(3, result.ExitCode);
        Assert.Contains(said, result.Errors + result.Text);
        Assert.DoesNotContain(One[4..], result.Errors + result.Text);
        Assert.DoesNotContain(Two[4..], result.Errors + result.Text);
    }

    private void WriteKey(string name, string key)
    {
        File.WriteAllText(folder.File(name), key + "\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder.File(name), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }
}

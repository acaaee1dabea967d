namespace KpiStream.Ingest.Tests.Host.State;

/// <summary>A folder with a key and a state, and replays that go on in it, in this process.</summary>
internal sealed class StateScene : IDisposable
{
    public StateScene()
    {
        File.WriteAllText(Key, "000102030405060708090a0b0c0d0e0f");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    public TemporaryFolder Folder { get; } = new();

    public string State => Folder.File("state");

    public string Key => Folder.File("pseudonym.key");

    /// <summary>The newest checkpoint.</summary>
    public string Newest => Directory.EnumerateFiles(State, "*.kpistate").Max(StringComparer.Ordinal)!;

    /// <summary>Counts with the state.</summary>
    public Task<CountRun> GoOnAsync(string source, params string[] more) =>
        CountAsync("replay", [source, "--state", State, "--checkpoint-every", "0", .. more]);

    /// <summary>Counts from the start.</summary>
    public Task<CountRun> CountAsync(string command, params string[] arguments) =>
        CountRun.OfAsync(Folder, [command, .. arguments, "--pseudonym-key", Key, "--periods", CountRun.AllPeriods]);

    /// <summary>Continues, for what it says and how it ends.</summary>
    public Task<ProgramResult> SayAsync(string source, params string[] more) =>
        CommandRun.OfAsync(["replay", source, "--state", State, "--pseudonym-key", Key, .. more]);

    /// <summary>The two runs counted the same.</summary>
    /// <param name="orderIsFree">True where partitions are read in any order: which of two events is the duplicate, and which is late, then depends on
    /// it.</param>
    public static void MustBeAlike(CountRun expected, CountRun actual, bool orderIsFree = false)
    {
        Assert.Equal(expected.ExitCode, actual.ExitCode);
        Assert.Equal(expected.Csv, actual.Csv);
        Assert.Equal(expected.Fingerprint, actual.Fingerprint);
        Assert.Equal(expected.Rejected, actual.Rejected);
        Assert.Equal(expected["applied"] + expected["duplicates"], actual["applied"] + actual["duplicates"]);
        foreach (var field in (string[])(orderIsFree ? ["events", "cases"] : ["events", "applied", "duplicates", "late", "cases"]))
        {
            Assert.Equal((field, expected[field]), (field, actual[field]));
        }
    }

    public void Dispose() => Folder.Dispose();
}

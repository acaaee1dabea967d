using KpiStream.Ingest.Host.Doctor;
using KpiStream.Ingest.Tests.Sources.Generation;

namespace KpiStream.Ingest.Tests.Host.Doctor;

/// <summary><c>kpistream doctor</c>: configuration, key, machine and port, each as it should be and in every way that it can be wrong.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class DoctorTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task BeforeTheFirstStartAndBesideARunningServer_AllIsWell_AndNothingIsMade()
    {
        var first = await KpiStreamProcess.RunInAsync(folder.Path, "doctor", "--log", "log", "--port", "0");
        Assert.Equal(ExitCode.Ok, first.ExitCode);
        Assert.Contains("log/pseudonym.key is not there yet", first.Text);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));

        await using var server = await LogServer.StartAsync(folder, "--state", "state");
        await server.PostAsync("""{"source":"one","case":"so-1","at":"2025-07-03T10:00:00+07:00","status":2,"handling":"11953"}""");
        var port = server.Serve.Url.Port.ToString();
        var beside = await KpiStreamProcess.RunInAsync(folder.Path, "doctor", "--log", "log", "--state", "state", "--port", port, "--json");
        var told = JsonNode.Parse(beside.Text)!;
        Assert.Equal((ExitCode.Ok, true), (beside.ExitCode, (bool)told["ok"]!));
        Assert.Contains(told["findings"]!.AsArray(), one => (string)one!["check"]! == "port"
            && ((string)one["message"]!).Contains("a kpistream that is running"));
        Assert.Contains(told["findings"]!.AsArray(), one => ((string)one!["message"]!).Contains("in use by a running program"));
    }

    [Fact]
    public async Task MistakesInTheSettings_AreNamed_AndTheMachineIsLookedAtAllTheSame()
    {
        await File.WriteAllTextAsync(folder.File("kpistream.yaml"), "shards: many\n");
        var told = await KpiStreamProcess.RunInAsync(folder.Path, "doctor");
        Assert.Equal(ExitCode.Configuration, told.ExitCode);
        Assert.Contains("kpistream.yaml:1: shards:", told.Text);
        Assert.Contains("ok       clock", told.Text);
    }

    [Fact]
    public void AKey_MissingOpenToOthersOrAnother_IsToldApart()
    {
        var file = folder.File("pseudonym.key");
        var settings = Settings.Default with { PseudonymKeyFile = file };
        Must(Health.Warning, "the first start makes one", KeyCheck.Look(settings, []));
        Must(Health.Problem, "every case would count twice", KeyCheck.Look(settings, ["00000000000000aa"]));
        Assert.False(File.Exists(file));

        File.WriteAllText(file, "000102030405060708090a0b0c0d0e0f");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Must(Health.Problem, "chmod 600", KeyCheck.Look(settings, []));
        File.SetUnixFileMode(file, UnixFileMode.UserRead);
        Must(Health.Problem, "was made with the key with id 00000000000000aa", KeyCheck.Look(settings, ["00000000000000aa"]));
        Must(Health.Ok, "id ", KeyCheck.Look(settings, []));
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllText(file, "no key");
        Must(Health.Problem, "is no pseudonym key", KeyCheck.Look(settings, []));
    }

    [Theory]
    [InlineData("Max open files            200                  524288               files", Health.Problem, "LimitNOFILE")]
    [InlineData("Max open files            1023                 524288               files", Health.Warning, "LimitNOFILE")]
    [InlineData("Max open files            1024                 524288               files", Health.Ok, "1024")]
    [InlineData("Max open files            unlimited            unlimited            files", Health.Ok, "unlimited")]
    [InlineData(null, Health.Ok, "does not say")]
    internal void OpenFiles_AreJudgedByTheSoftLimit(string? limits, Health health, string said) => Must(health, said, [MachineCheck.Files(limits)]);

    [Theory]
    [InlineData(10_000_000, 1_000, Health.Problem)]
    [InlineData(10_000_000, 4_000, Health.Warning)]
    [InlineData(10_000_000, 5_000, Health.Ok)]
    [InlineData(0, 500, Health.Ok)]
    [InlineData(0, 128, Health.Problem)]
    internal void Memory_IsJudgedByTheCasesHeld(long cases, long availableMegabytes, Health health) =>
        Must(health, "MB", [MachineCheck.Memory(cases, availableMegabytes * 1_000_000)]);

    [Fact]
    public void AClockNeverSet_OneThatSteps_AndASteadyOne_AreToldApart()
    {
        Must(Health.Ok, "steady", [MachineCheck.Clock(TimeProvider.System)]);
        Must(Health.Problem, "set the clock", [MachineCheck.Clock(new StoppedTime(new DateTimeOffset(1970, 1, 1, 0, 5, 0, TimeSpan.Zero)))]);
        Must(Health.Warning, "against the monotonic one", [MachineCheck.Clock(new StoppedTime(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)))]);
    }

    [Fact]
    public async Task APortThatSomebodyElseHas_IsAProblem()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var taken = ((IPEndPoint)other.LocalEndpoint).Port;
        Must(Health.Problem, "--port", [await PortCheck.LookAsync(new HttpSettings { Port = taken }, CancellationToken.None)]);
        other.Stop();
        Must(Health.Ok, "is free", [await PortCheck.LookAsync(new HttpSettings { Port = taken }, CancellationToken.None)]);
        Must(Health.Ok, "chooses", [await PortCheck.LookAsync(new HttpSettings { Port = 0 }, CancellationToken.None)]);
    }

    internal static void Must(Health health, string said, IEnumerable<Finding> findings)
    {
        var all = findings.ToList();
        Assert.True(
            all.Exists(one => one.Health == health && one.Message.Contains(said)
                && (one.Code != ExitCode.Ok) == (health == Health.Problem)),
            $"no {health} with '{said}' in:\n{string.Join('\n', all)}");
        Assert.Equal(health, all.Max(one => one.Health));
    }

    /// <summary>A wall clock that stands, beside a monotonic one that goes.</summary>
    private sealed class StoppedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}

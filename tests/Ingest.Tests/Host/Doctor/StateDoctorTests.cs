using KpiStream.Ingest.Host.Doctor;
using KpiStream.Ingest.Tests.Sources.Checkpoints;
using KpiStream.Ingest.Tests.Sources.Logs;
using Microsoft.Extensions.Time.Testing;
using static KpiStream.Ingest.Tests.Host.Doctor.DoctorTests;

namespace KpiStream.Ingest.Tests.Host.Doctor;

/// <summary>What <c>doctor</c> tells of checkpoints and of an embedded log.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class StateDoctorTests : IDisposable
{
    private static readonly LoadedSettings Loaded = new(Settings.Default, Shipped.Rulebook(), Shipped.Units("hungyen"), ProfileSet.Empty);

    private readonly TemporaryFolder folder = new();

    private string State => folder.File("state");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Generations_AreReadWhole_AndDamageIsTold()
    {
        Must(Health.Warning, "holds none", Look());
        await WriteAsync(2);
        Assert.Contains(Look(), one => one.Message.Contains("checkpoint-00000002.kpistate is good"));

        Damage("checkpoint-00000002.kpistate");
        Must(Health.Warning, "checkpoint-00000002.kpistate is damaged", Look());
        Damage("checkpoint-00000001.kpistate");
        Must(Health.Problem, "none in", Look());
        Assert.Equal(ExitCode.Damaged, Look().Max(one => one.Code));
    }

    [Fact]
    public async Task AFolderThatCannotBeUsed_IsAProblem()
    {
        Must(Health.Problem, "cannot be written", Look("/proc/kpistream-state"));
        await File.WriteAllTextAsync(folder.File("file"), "");
        Must(Health.Problem, "cannot be written", Look(folder.File("file")));
        Must(Health.Problem, "make room", [StateCheck.FolderOf("state", new FolderProbe("", 1_000_000_000), largestBytes: 2_000_000_000)]);
        Must(Health.Ok, "free", [StateCheck.FolderOf("state", new FolderProbe("", 4_000_000_000), largestBytes: 2_000_000_000)]);
    }

    [Fact]
    public async Task OtherRules_AClockGoneBack_AndARunningProgramThatLeavesNone_AreWarnings()
    {
        await WriteAsync(1);
        var made = DateTimeOffset.FromUnixTimeMilliseconds(Newest().MadeAt);
        Assert.DoesNotContain(Look(time: new FakeTimeProvider(made.AddDays(1))), one => one.Message.Contains("has left none"));
        Must(Health.Warning, "gone back", Look(time: new FakeTimeProvider(made.AddDays(-1))));
        using (StateFiles.Open(State))
        {
            Must(Health.Warning, "has left none since", Look(time: new FakeTimeProvider(made.AddDays(1))));
        }

        var other = Loaded with { Units = Shipped.Units("sonla") };
        Must(Health.Warning, "counts the figures again",
            StateCheck.Look(other, new StatePlan(State, TimeSpan.FromSeconds(30), false), new FakeTimeProvider(made.AddSeconds(1))).Findings);
    }

    [Fact]
    public async Task ALog_WholeTornDamagedOrWithAMissingSegment_IsToldApart()
    {
        using var scene = new LogScene(300, 7);
        var log = new LogSettings(scene.Folder);
        using (var writing = scene.Open(2_000))
        {
            for (var at = 0; at < 300; at += 10)
            {
                scene.Append(writing, at, 10);
                writing.Commit();
            }
        }

        await File.WriteAllTextAsync(Path.Combine(scene.Folder, "api.key"), "0123456789abcdef0123");
        Must(Health.Problem, "chmod 600", await LookAsync(log));
        File.SetUnixFileMode(Path.Combine(scene.Folder, "api.key"), UnixFileMode.UserRead);
        Must(Health.Ok, "is good", await LookAsync(log));

        var segments = LogFolder.Segments(scene.Folder);
        await using (var last = File.OpenWrite(LogFolder.PathOf(scene.Folder, segments[^1])))
        {
            last.SetLength(last.Length - 7);
        }

        Must(Health.Warning, "The next start cuts it", await LookAsync(log));
        File.Delete(LogFolder.PathOf(scene.Folder, segments[0]));
        Must(Health.Warning, "the segments before events-00000002.kpirec are not there", await LookAsync(log));
        File.Delete(LogFolder.PathOf(scene.Folder, segments[3]));
        Must(Health.Problem, "events-00000004.kpirec is missing: bring the file back", await LookAsync(log));
        Must(Health.Problem, "are missing before or in events-00000005.kpirec", await LookAsync(log));
        await using (var second = new FileStream(LogFolder.PathOf(scene.Folder, segments[1]), FileMode.Open))
        {
            second.Position = second.Length / 2;
            second.Write([0x55, 0x55, 0x55, 0x55]);
        }

        Must(Health.Problem, "Bring back a copy", await LookAsync(log));
    }

    private IReadOnlyList<Finding> Look(string? at = null, TimeProvider? time = null) =>
        StateCheck.Look(Loaded, new StatePlan(at ?? State, TimeSpan.FromSeconds(30), AcceptGap: false),
            time ?? new FakeTimeProvider(DateTimeOffset.UtcNow)).Findings;

    private async Task WriteAsync(int generations)
    {
        using var files = StateFiles.Open(State);
        var store = new CheckpointStore(files);
        for (var i = 0; i < generations; i++)
        {
            await SmallCheckpoint.WriteAsync(store, 100 + i);
        }
    }

    private CheckpointHead Newest()
    {
        using var reader = new CheckpointReader(File.OpenRead(Directory.EnumerateFiles(State, "*.kpistate").Max(StringComparer.Ordinal)!));
        return reader.ReadHead()!;
    }

    private void Damage(string name)
    {
        using var file = new FileStream(Path.Combine(State, name), FileMode.Open);
        file.Position = file.Length / 2;
        file.WriteByte((byte)(file.ReadByte() ^ 1));
        file.Position = file.Length / 3;
        file.Write([1, 2, 3, 4]);
    }

    private static async Task<List<Finding>> LookAsync(LogSettings log)
    {
        var findings = new List<Finding>();
        await foreach (var finding in LogCheck.LookAsync(log, CancellationToken.None))
        {
            findings.Add(finding);
        }

        return findings;
    }
}

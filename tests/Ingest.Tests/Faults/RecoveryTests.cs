using KpiStream.Ingest.Tests.Host.State;

namespace KpiStream.Ingest.Tests.Faults;

/// <summary>The real program killed while it reads a checkpoint, and with little memory: the figures over the topic are those of a recount.</summary>
[Collection(OneBroker.OfFaults)]
[Trait("Category", "Kafka")]
public sealed class RecoveryTests(OneBroker fixture, ITestOutputHelper output) : IDisposable
{
    // The heap of a small container; a million events with KPISTREAM_TEST_EFFORT=50.
    private const string SmallHeap = "DOTNET_GCHeapHardLimit=0x8000000";
    private static readonly int Kills = LongRuns.Scale(2);
    private static readonly int Events = LongRuns.Scale(20_000);

    private readonly StateScene scene = new();

    public void Dispose() => scene.Dispose();

    [Fact]
    [Fault("kill -9 in recovery", "killed at the moment it opens a checkpoint to read it, several times in a row",
        "the checkpoints stay; the next life's CSV and count of events equal the recount's")]
    public async Task KilledWhileReadingItsCheckpoint_TheNextLifeReadsItAgain()
    {
        var broker = fixture.OrSkip();
        var lines = Streams.Generate(GenerateProfile.Mixed, 20_000, seed: 6_780);
        using var topic = await KafkaTopic.CreateAsync(broker.Bootstrap, 1);
        topic.Put(0, lines.Take(15_000));
        await scene.GoOnAsync($"kafka:{topic.Name}", "--bootstrap", broker.Bootstrap);
        topic.Put(0, lines.Skip(15_000));
        var inside = 0;
        for (var kill = 0; kill < Kills; kill++)
        {
            await using var program =
                KpiStreamProcess.Start("replay", $"kafka:{topic.Name}", "--bootstrap", broker.Bootstrap, "--state", scene.State, "--pseudonym-key", scene.Key);
            await UntilReadingAsync(program.Id);
            program.Signal("KILL");
            inside += (await program.ExitAsync()).Errors.Contains("Going on from") ? 0 : 1;
        }

        Seen.Say(output, $"{Kills} kills, {inside} of them before the checkpoint was taken over");
        Assert.True(inside > 0, "never killed in recovery: this proves nothing");
        var last = await scene.GoOnAsync($"kafka:{topic.Name}", "--bootstrap", broker.Bootstrap);
        var recount = await scene.CountAsync("recount", scene.Folder.Write("cases.ndjson", lines));
        Assert.Equal((recount.Csv, recount["events"]), (last.Csv, last["events"]));
    }

    [Fact]
    [Fault("memory pressure", "the heap may not exceed 128 MiB while the topic is read and checkpoints are written one after another",
        "it ends with 0 and the recount's CSV")]
    public async Task LittleMemory_IsEnough()
    {
        var broker = fixture.OrSkip();
        var lines = Streams.Generate(GenerateProfile.Mixed, Events, seed: 6_781);
        using var topic = await KafkaTopic.CreateAsync(broker.Bootstrap, 2);
        topic.PutAcross(2, lines);
        string[] arguments = [
            "replay", $"kafka:{topic.Name}", "--bootstrap", broker.Bootstrap, "--state", "state", "--checkpoint-every", "0", "--pseudonym-key", scene.Key,
            "--periods", CountRun.AllPeriods, "--export", "little.csv"];
        await using var program = KpiStreamProcess.StartUnder(["env", SmallHeap, KpiStreamProcess.Runtime], scene.Folder.Path, arguments);
        (await program.ExitAsync()).MustSucceed();
        Seen.Say(output, $"{Events} events counted");
        Assert.Equal((await scene.CountAsync("recount", scene.Folder.Write("cases.ndjson", lines))).Csv,
            await File.ReadAllTextAsync(scene.Folder.File("little.csv")));
    }

    /// <summary>Until the process has a checkpoint open, or has ended.</summary>
    private static async Task UntilReadingAsync(int process)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        while (Directory.Exists($"/proc/{process}/fd") && !HasCheckpointOpen(process))
        {
            await tick.WaitForNextTickAsync();
        }
    }

    private static bool HasCheckpointOpen(int process)
    {
        try
        {
            return Directory.EnumerateFiles($"/proc/{process}/fd")
                .Any(static file => File.ResolveLinkTarget(file, returnFinalTarget: false)?.Name.EndsWith(".kpistate") == true);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false; // Closed between two looks.
        }
    }
}

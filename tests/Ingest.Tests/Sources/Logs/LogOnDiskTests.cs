using KpiStream.Ingest.Tests.Simulation;

namespace KpiStream.Ingest.Tests.Sources.Logs;

/// <summary>What is on disk and what only looks so: each of these lost acknowledged events, or counted others, before a simulation found it.</summary>
public sealed class LogOnDiskTests : IDisposable
{
    private const string Segment = "events-00000001.kpirec";

    private readonly LogScene scene = new(20, 31);
    private readonly SimulatedDisk disk = new(new Random(31), new SimulationTrace());
    private readonly SimulatedFolder folder;

    public LogOnDiskTests() => folder = disk.MakeFolder("log");

    public void Dispose() => scene.Dispose();

    [Fact]
    public void KilledBeforeTheNameWasOnDisk_TheNextWriterPutsItThere()
    {
        // Opening: create, open, read, cut, its flush, the header, its flush; then the name.
        disk.CrashAt = 8;
        disk.CrashShare = 0;
        Assert.Throws<SimulatedCrash>(() => Open());
        disk.Restart(Survival.Kill);
        Assert.Equal(128, folder.Files[Segment].Length);
        using (var log = Open())
        {
            scene.Append(log, 0, 3);
            log.Commit();
        }

        disk.Restart(Survival.Nothing);
        using var after = Open();
        Assert.Equal(3, after.LastNumber);
    }

    [Fact]
    public void AFailedFlush_IsNotBelievedAfterwards()
    {
        var options = scene.Options();
        using (var log = EventLog.Open(new SimulatedLogFiles(folder), options))
        {
            scene.Append(log, 0, 2);
            log.Commit();
            scene.Append(log, 2, 2);
            disk.FaultEvery = 1;
            Assert.Throws<IOException>(log.Commit);
            folder.Files[Segment].FailSync();
            disk.FaultEvery = 0;
        }

        using (var again = EventLog.Open(new SimulatedLogFiles(folder), options))
        {
            Assert.Equal(2, again.LastNumber);
            scene.Append(again, 4, 2);
            again.Commit();
        }

        disk.Restart(Survival.Nothing);
        using var after = Open();
        Assert.Equal(4, after.LastNumber);
        Assert.Empty(scene.Said);
    }

    [Fact]
    public void WrittenAndNotYetFlushed_ItIsBehindTheDurableEnd()
    {
        var options = scene.Options();
        using var log = EventLog.Open(new SimulatedLogFiles(folder), options);
        var empty = options.Durable.LimitOf(1);
        scene.Append(log, 0, 10);
        Assert.True(folder.Files[Segment].Length > empty);
        Assert.Equal(empty, options.Durable.LimitOf(1));
        log.Commit();
        Assert.Equal(folder.Files[Segment].Length, options.Durable.LimitOf(1));
        Assert.Equal(0, options.Durable.LimitOf(2));
    }

    private EventLog Open() => EventLog.Open(new SimulatedLogFiles(folder), scene.Options());
}

using KpiStream.Ingest.Tests.Host.Serving.Metrics;

namespace KpiStream.Ingest.Tests.Faults;

/// <summary><c>serve --state</c> over a growing topic while its process, its clock and its disk fail: it continues, and serves the recount.</summary>
[Collection(OneBroker.OfFaults)]
[Trait("Category", "Kafka")]
public sealed class ServedFaultTests(OneBroker fixture, ITestOutputHelper output) : IDisposable
{
    private const int Events = 6_000;
    private const string FakeClock = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1";

    private readonly IReadOnlyList<byte[]> lines = Streams.Generate(GenerateProfile.Mixed, Events, seed: 6_770);
    private readonly TemporaryFolder folder = new();
    private int put;

    public void Dispose() => folder.Dispose();

    [Fact]
    [Fault("SIGSTOP", "the process stands still for 3 s (a minute in the long run) while the topic grows",
        "it resumes by itself, every event counted once, the figures are the recount's")]
    [Fault("poll interval exceeded", "it stands still for longer than the configured max.poll.interval.ms and session.timeout.ms",
        "it resumes by itself, every event counted once, the figures are the recount's")]
    public async Task StoodStill_GoesOn()
    {
        var broker = fixture.OrSkip();
        using var topic = await KafkaTopic.CreateAsync(broker.Bootstrap, 1);
        Put(topic, Events / 2);
        await using var serve = await StartAsync(
            ["dotnet"], broker, topic, "--kafka", "max.poll.interval.ms=1500", "--kafka", "session.timeout.ms=1000", "--kafka", "heartbeat.interval.ms=300");
        await UntilPutAsync(serve);
        var pause = TimeSpan.FromSeconds(Math.Min(60, LongRuns.Scale(3)));
        await serve.SignalAsync("STOP");
        Put(topic, Events);
        await Task.Delay(pause);
        await serve.SignalAsync("CONT");
        Seen.Say(output, $"stood still for {pause.TotalSeconds:0} s; {await UntilPutAsync(serve)} events counted of {Events}");
        await MustServeRecountAsync(serve);
    }

    [Fact]
    [Trait("Category", "Long")]
    [Fault("clock step", "the wall clock jumps 40 hours ahead, 80 back and 40 ahead while the topic grows; then kill -9 and a restart",
        "every event counted once before and after the restart, the figures are the recount's")]
    public async Task TheClockJumps_NothingIsLostOrCountedTwice()
    {
        var broker = fixture.OrSkip();
        Assert.SkipUnless(File.Exists(FakeClock), $"{FakeClock} not found (Debian: apt-get install faketime)");
        await SetClockAsync(0);
        IReadOnlyList<string> launcher =
            ["env", $"LD_PRELOAD={FakeClock}", $"FAKETIME_TIMESTAMP_FILE={folder.File("clock")}", "FAKETIME_CACHE_DURATION=1",
                "FAKETIME_DONT_FAKE_MONOTONIC=1", "dotnet"];
        using var topic = await KafkaTopic.CreateAsync(broker.Bootstrap, 1);
        await using (var serve = await StartAsync(launcher, broker, topic))
        {
            foreach (var (step, hours) in ((int[])[40, -40, 0]).Index())
            {
                Put(topic, Events * (step + 1) / 4);
                await UntilPutAsync(serve);
                await SetClockAsync(hours);
            }

            // At an orderly exit the library that fakes the clock may crash itself.
            await serve.KillAsync();
        }

        Put(topic, Events);
        await using var next = await StartAsync(launcher, broker, topic);
        Seen.Say(output, $"{await UntilPutAsync(next)} events counted of {Events}");
        await MustServeRecountAsync(next);
    }

    [Fact]
    [Fault("disk full", "the disk of the checkpoints is full, and has room again later",
        "serving continues and says so; checkpoints are written again without a restart, and a restart resumes from them")]
    public Task TheStatesDiskIsFull_ServingGoesOn() => WithoutADiskAsync(
        ["unshare", "-rm", "bash", "-c",
            "mkdir -p \"$0\" && mount -t tmpfs -o size=1m none \"$0\" && head -c 1000k /dev/zero > \"$0/ballast\" && exec dotnet \"$@\"", folder.File("state")],
        static (_, _) => Task.CompletedTask,
        (serve, _) =>
        {
            File.Delete($"/proc/{serve.ProcessId}/root{folder.File("state")}/ballast");
            return Task.CompletedTask;
        });

    [Fact]
    [Fault("read-only disk", "the folder of the checkpoints cannot be written any more, and can again later",
        "serving continues and says so; checkpoints are written again without a restart, and a restart resumes from them")]
    public Task TheStatesDiskIsReadOnly_ServingGoesOn() =>
        WithoutADiskAsync(["dotnet"], (_, state) => LockAsync("+i", state), (_, state) => LockAsync("-i", state));

    private async Task WithoutADiskAsync(IReadOnlyList<string> launcher, Func<ServeProcess, string, Task> take, Func<ServeProcess, string, Task> give)
    {
        var broker = fixture.OrSkip();
        using var topic = await KafkaTopic.CreateAsync(broker.Bootstrap, 1);
        Put(topic, Events / 2);
        try
        {
            await using var serve = await StartAsync(launcher, broker, topic);
            await take(serve, folder.File("state"));
            await UntilPutAsync(serve);
            var failed = (await MetricsPage.UntilAsync(serve, static page => page.Sum("kpistream_checkpoints_failed_total") >= 1))
                .Sum("kpistream_checkpoints_failed_total");
            Put(topic, Events);
            var counted = await UntilPutAsync(serve);
            await give(serve, folder.File("state"));
            var written = (await MetricsPage.UntilAsync(serve, static page => page.Sum("kpistream_checkpoints_written_total") >= 1))
                .Sum("kpistream_checkpoints_written_total");
            Seen.Say(output, $"{counted} events counted of {Events} while {failed} checkpoints failed; {written} written afterwards");
            Assert.Contains("no checkpoint could be written in", serve.ToString());
            await MustServeRecountAsync(serve);
            Assert.Equal(0, (await serve.TerminateAsync()).ExitCode);
        }
        catch (Exception error) when (error is NotSupportedException or System.ComponentModel.Win32Exception
            || error.Message.Contains("unshare:") || error.Message.Contains("mount:"))
        {
            Assert.Skip($"this machine does not let a test take a disk away: {error.Message.Split('\n')[0]}");
        }
        finally
        {
            await LockAsync("-i", folder.File("state"), mustWork: false);
        }
    }

    private Task<ServeProcess> StartAsync(IReadOnlyList<string> launcher, KafkaBroker broker, KafkaTopic topic, params string[] more) =>
        ServeProcess.StartUnderAsync(
            launcher, folder, ["--bootstrap", broker.Bootstrap, "--topic", topic.Name, "--state", "state", "--checkpoint-every", "0", .. more]);

    private void Put(KafkaTopic topic, int upTo)
    {
        topic.Put(0, lines.Skip(put).Take(upTo - put));
        put = upTo;
    }

    private async Task<long> UntilPutAsync(ServeProcess serve)
    {
        await serve.UntilAsync("/api/v1/board", board => (long)board["trust"]!["events"]! >= put, KpiStreamProcess.Limit);
        return (long)(await serve.GetAsync("/api/v1/board"))["trust"]!["events"]!;
    }

    private async Task MustServeRecountAsync(ServeProcess serve)
    {
        Assert.Equal(Events, await UntilPutAsync(serve));
        folder.Write("cases.ndjson", lines);
        await ServedExport.MustEqualRecountAsync(serve, folder, "cases.ndjson", "month", "2025-07-10", "2025-07-31");
    }

    /// <summary>Replaced at once: the fake clock reads the file at every look.</summary>
    private async Task SetClockAsync(int hours)
    {
        await File.WriteAllTextAsync(folder.File("clock.new"), $"{hours:+0;-0;+0}h\n");
        File.Move(folder.File("clock.new"), folder.File("clock"), overwrite: true);
    }

    /// <summary>Makes a folder unchangeable, for its owner too, or changeable again.</summary>
    private static async Task LockAsync(string change, string path, bool mustWork = true)
    {
        using var chattr = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo("chattr", [change, path]) { RedirectStandardError = true, UseShellExecute = false })!;
        var said = await chattr.StandardError.ReadToEndAsync();
        await chattr.WaitForExitAsync();
        if (mustWork && chattr.ExitCode != 0)
        {
            throw new NotSupportedException(said);
        }
    }
}

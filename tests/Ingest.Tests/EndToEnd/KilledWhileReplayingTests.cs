using KpiStream.Ingest.Tests.Host.State;

namespace KpiStream.Ingest.Tests.EndToEnd;

/// <summary>The real program under <c>kill -9</c> at random moments of a replay with a state: in the end nothing is missing and nothing counts twice.</summary>
public sealed class KilledWhileReplayingTests(ITestOutputHelper output) : IDisposable
{
    private const int Events = 20_000;

    // 500 with KPISTREAM_TEST_EFFORT=250.
    private static readonly int Kills = LongRuns.Scale(2);

    private readonly StateScene scene = new();

    public void Dispose() => scene.Dispose();

    [Theory]
    [InlineData("cases.ndjson", 6_600)]
    [InlineData("cases.kpirec", 6_601)]
    public async Task KilledAtAnyMoment_TheLastRunEndsAsARecount(string name, int seed)
    {
        output.WriteLine($"seed {seed}, {Kills} kills");
        var chance = new Random(seed);
        var file = await MakeAsync(name, (ulong)seed);
        var wentOn = 0;
        for (var kill = 0; kill < Kills; kill++)
        {
            wentOn += await LiveAndDieAsync(file, TimeSpan.FromMilliseconds(chance.Next(1, 900))) ? 1 : 0;
        }

        output.WriteLine($"{wentOn} lives went on from a checkpoint");
        var last = await scene.GoOnAsync(file);
        StateScene.MustBeAlike(await scene.CountAsync("replay", file), last);
        var recount = await scene.CountAsync("recount", file);
        Assert.Equal((recount.Csv, recount.Fingerprint, recount["events"]), (last.Csv, last.Fingerprint, last["events"]));
    }

    /// <summary>One life at a pace at which the file lasts longer than the life; true when it began with a checkpoint.</summary>
    private async Task<bool> LiveAndDieAsync(string file, TimeSpan moment)
    {
        await using var program = KpiStreamProcess.Start(
            "replay", file, "--state", scene.State, "--checkpoint-every", "0", "--pseudonym-key", scene.Key, "--speed", "2000000x");
        var begun = await program.UntilSaidAsync(said => said.Contains('\n') ? said : null);
        await Task.Delay(moment);
        program.Signal("KILL");
        await program.ExitAsync();
        return begun.Contains("Going on from");
    }

    private async Task<string> MakeAsync(string name, ulong seed)
    {
        var lines = scene.Folder.Write("cases.ndjson", Streams.Generate(GenerateProfile.Mixed, Events, seed));
        if (name == "cases.ndjson")
        {
            return lines;
        }

        Assert.Equal(ExitCode.Ok, await CommandTree.RunAsync(["convert", lines, scene.Folder.File(name), "--pseudonym-key", scene.Key]));
        return scene.Folder.File(name);
    }
}

using KpiStream.Ingest.Tests.Sources.Logs;

namespace KpiStream.Ingest.Tests.Host.Output;

/// <summary>A command that fails leaves nothing that looks like its result: no output, no key that protects nothing, and what was there before.</summary>
public sealed class FailedRunTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("missing.ndjson", 2)]
    [InlineData("table.csv", 1)]
    [InlineData("packed.xz", 1)]
    [InlineData("gone.rec", 5)]
    [InlineData("cut.rec", 5)]
    public async Task AConversionThatCameToNothing_LeavesNothing(string source, int exit)
    {
        await File.WriteAllTextAsync(folder.File("table.csv"), "a,b\nc,d\n");
        await File.WriteAllBytesAsync(folder.File("packed.xz"), [0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, 1]);
        await File.WriteAllBytesAsync(folder.File("gone.rec"), []);
        await File.WriteAllBytesAsync(folder.File("cut.rec"), [0x89, (byte)'K', (byte)'P', (byte)'I', (byte)'R']);
        var before = Directory.GetFiles(folder.Path);
        Assert.Equal(exit, await CommandTree.RunAsync(["convert", folder.File(source), folder.File("new.out")]));
        Assert.Equal(before.Order(), Directory.GetFiles(folder.Path).Order());
    }

    [Fact]
    public async Task AConversion_LeavesTheRecordingAndItsKeyAlone()
    {
        var source = folder.Write("a.ndjson", Streams.Generate(GenerateProfile.Ordinary, 50, 3));
        Assert.Equal(0, await CommandTree.RunAsync(["convert", source, folder.File("a.rec")]));
        Assert.Equal(["a.ndjson", "a.rec", "a.rec.key"], Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order());
        Assert.Equal(50, (await CountRun.OfAsync(folder, "replay", folder.File("a.rec")))["events"]);
    }

    [Fact]
    public async Task ARecordingOfADeadBroker_IsNotLeftAsOneOfAnEmptyTopic()
    {
        var port = FreePorts.Take();
        var exit = await CommandTree.RunAsync(
            ["record", "--from", "kafka:cases", "--bootstrap", $"127.0.0.1:{port}", "--out", folder.File("a.rec"), "--until", "end", "--give-up-after", "1s"]);
        Assert.Equal(4, exit);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public async Task OneResultThatCannotBeWritten_LeavesNoOther()
    {
        var source = folder.Write("a.ndjson", Streams.Generate(GenerateProfile.Ordinary, 50, 3));
        await File.WriteAllTextAsync(folder.File("figures.csv"), "older");
        var exit = await CommandTree.RunAsync(["replay", source, "--export", folder.File("figures.csv"), "--report", "/dev/full"]);
        Assert.Equal((4, "older"), (exit, await File.ReadAllTextAsync(folder.File("figures.csv"))));
        Assert.Equal(["a.ndjson", "figures.csv"], Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task AReplayThatCameToNothing_KeepsOlderDeadLettersAndKeys()
    {
        var letters = folder.File("letters.ndjson");
        Assert.Equal(4, await CommandTree.RunAsync(["replay", folder.File("no.ndjson"), "--dead-letters", letters, "--state", folder.File("state")]));
        Assert.False(File.Exists(letters));
        Assert.False(File.Exists(folder.File("state/pseudonym.key")));

        // Of a run that has figures and no rejected record an empty file says so.
        const string Older = "{\"reason\":\"malformed\"}\n";
        await File.WriteAllTextAsync(letters, Older);
        Assert.Equal(4, await CommandTree.RunAsync(["replay", folder.File("no.ndjson"), "--dead-letters", letters]));
        Assert.Equal(Older, await File.ReadAllTextAsync(letters));
        var source = folder.Write("a.ndjson", Streams.Generate(GenerateProfile.Ordinary, 50, 3));
        Assert.Equal(0, await CommandTree.RunAsync(["replay", source, "--dead-letters", letters, "--state", folder.File("state")]));
        Assert.Equal("", await File.ReadAllTextAsync(letters));
        Assert.True(File.Exists(folder.File("state/pseudonym.key")));
    }

    [Fact]
    public async Task AServeThatCannotStart_LeavesNoKeyItHasMade()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        Assert.Equal(4, await CommandTree.RunAsync(["serve", "--log", folder.File("log"), "--port", $"{port}"]));
        Assert.False(Directory.Exists(folder.File("log")));

        // A log whose key was left behind, and a settings file in error.
        using var scene = new LogScene(3, 1);
        using (var log = EventLog.Open(scene.Folder, scene.Options(keyId: PseudonymKey.Fixed.Id)))
        {
            scene.Append(log, 0, 3);
            log.Close();
        }

        var files = Directory.GetFiles(scene.Folder);
        Assert.Equal(4, await CommandTree.RunAsync(["serve", "--log", scene.Folder, "--port", "0"]));
        Assert.Equal(files.Order(), Directory.GetFiles(scene.Folder).Order());
        var settings = folder.File("s.yaml");
        await File.WriteAllTextAsync(settings, "nonsense: 1\n");
        Assert.Equal(3, await CommandTree.RunAsync(["serve", "--config", settings, "--log", folder.File("log"), "--port", "0"]));
        Assert.False(Directory.Exists(folder.File("log")));
    }
}

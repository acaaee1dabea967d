using KpiStream.Tests.Support.Formats;

namespace KpiStream.Ingest.Tests.EndToEnd;

/// <summary>
/// The same events as native JSON, MessagePack map, compact array and national payload, through file, gzip, pipe, recording, embedded log and topic: one
/// fingerprint and one CSV, and the recount's are the same.
/// </summary>
[Collection(OneBroker.OfForms)]
[Trait("Category", "Kafka")]
public sealed class EveryWayInTests(OneBroker broker, ITestOutputHelper output)
{
    private const int Seed = 91;

    // KPISTREAM_TEST_EFFORT=300 tests/run --filter 'FullyQualifiedName~EveryWayIn' has 6,000,000 events of a million cases.
    private static readonly int Events = LongRuns.Scale(2_000);

    [Fact]
    public async Task NativeEvents_GiveOneFingerprintAndOneCsv_InEveryFormOnEveryWay()
    {
        var bootstrap = Bootstrap();
        using var folder = new TemporaryFolder();
        await CompareAsync(folder, bootstrap, await EventForms.NativeAsync(Streams.Generate(GenerateProfile.Mixed, Events, Seed), Seed));
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task NationalPayloads_GiveTheFiguresOfTheNativeEventsThatSayTheSame_OnEveryWay()
    {
        var bootstrap = Bootstrap();
        using var folder = new TemporaryFolder();
        var lines = Streams.Generate(GenerateProfile.Ordinary, Events, Seed + 1);
        await CompareAsync(folder, bootstrap, await EventForms.NationalAsync(lines, Seed, folder.File("profile.yaml")));
    }

    private async Task CompareAsync(TemporaryFolder folder, string bootstrap, EventForms forms)
    {
        output.WriteLine($"seed {Seed}, {Events} events");
        var ways = new IngestRoutes(folder, bootstrap, output.WriteLine);
        await MakeKeyAsync(ways.Key);
        var counted = new List<IngestRoutes.Counted>();
        foreach (var (form, records) in forms.Forms)
        {
            Assert.Equal(Events, records.Count);
            var profile = forms.ProfileOf(form);
            counted.AddRange(await ways.FilesAsync(form, EventForms.Body(form, records), profile));
            counted.AddRange(await ways.TopicAsync(form, records, profile));
            counted.AddRange(await ways.LogAsync(form, records, profile));
        }

        counted.AddRange(await ways.TopicAsync("mixed", forms.Mixed(), forms.Profile));
        var first = counted[0].Run;
        output.WriteLine($"{counted.Count} runs: {first["cases"]} cases, {first.Csv.Count(letter => letter == '\n')} rows, fingerprint {first.Fingerprint}");
        Assert.True(first.Csv.Length > 30_000, "hardly any figure: this proves nothing");
        foreach (var (way, run) in counted)
        {
            Assert.True((run.ExitCode, run.Rejected.Count) == (0, 0), $"{way}: exit {run.ExitCode}, rejected {run.Report.GetProperty("rejected")}");
            Assert.True(first.Fingerprint == run.Fingerprint && first["cases"] == run["cases"], $"{way}: {run.Fingerprint}, {run["cases"]} cases");
            Assert.Equal(way.StartsWith("mixed") ? 2 * Events : Events, run["events"]);
            TextAssert.SameLines(first.Csv, run.Csv);
        }
    }

    private static async Task MakeKeyAsync(string path)
    {
        await File.WriteAllTextAsync(path, "000102030405060708090a0b0c0d0e0f\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    private string Bootstrap()
    {
        PythonScript.OrSkip();
        return broker.OrSkip().Bootstrap;
    }
}

using KpiStream.Ingest.Host.Output.DeadLetters;
using KpiStream.Ingest.Tests.Sources.Generation;
using Microsoft.Extensions.Time.Testing;

namespace KpiStream.Ingest.Tests.Host.Output.DeadLetters;

public sealed class RollingFileTests(ITestOutputHelper output) : IDisposable
{
    private const int MaxBytes = 4_000;

    private readonly TemporaryFolder folder = new();
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2025, 7, 15, 0, 0, 0, TimeSpan.Zero));

    private string Path => folder.File("letters");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void AnyNumberOfLines_StayWithinTheBoundAndTheNewestAreThere()
    {
        const int Seed = 15;
        output.WriteLine($"seed {Seed}");
        var random = new Random(Seed);
        var file = new RollingFile(Path, MaxBytes, time, []);
        var all = new List<string>();
        var kept = int.MaxValue;
        for (var i = 0; i < 2_000; i++)
        {
            if (random.Next(50) == 0)
            {
                file.Dispose(); // Another life of the program.
                file = new RollingFile(Path, MaxBytes, time, []);
            }

            all.Add($"{i} {new string('x', random.Next(300))}");
            Assert.True(file.TryWrite(Encoding.ASCII.GetBytes(all[^1] + "\n")));
            var there = Lines();
            Assert.InRange(Total(), 1, MaxBytes);
            Assert.Equal(all[^there.Count..], there);
            kept = all.Sum(line => line.Length + 1) > MaxBytes ? Math.Min(kept, Total()) : kept;
        }

        file.Dispose();
        Assert.InRange(kept, (MaxBytes / 2) - 300, MaxBytes);
    }

    /// <summary>Either name may be somebody else's: a log of another program, or the notes that lie beside it.</summary>
    [Theory]
    [InlineData("")]
    [InlineData(".1")]
    public void AForeignFile_IsNeitherWrittenRenamedNorDeleted(string suffix)
    {
        const string Foreign = "not ours\n";
        File.WriteAllText(Path + suffix, Foreign);
        using var file = new RollingFile(Path, MaxBytes, time, "{\"reason\""u8.ToArray());
        var line = Encoding.ASCII.GetBytes("{\"reason\":\"" + new string('x', 900) + "\"}\n");
        var written = 0;
        for (; written < 10 && file.TryWrite(line); written++)
        {
        }

        // The older generation is in the way only when it is to be replaced.
        Assert.Equal((suffix.Length == 0 ? 0 : 2, true), (written, file.IsForeign));
        Assert.Contains("holds something else and is left as it is", file.Error);
        Assert.Equal(Foreign, File.ReadAllText(Path + suffix));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(file.TryBegin());
        Assert.Equal(Foreign, File.ReadAllText(Path + suffix));
    }

    [Theory]
    [InlineData("one\ntwo\nthr", "one\ntwo\n")]
    [InlineData("one", "")]
    [InlineData("one\n", "one\n")]
    [InlineData("", "")]
    public void LineThatWasNotFinished_IsCutOffBeforeTheNext(string left, string kept)
    {
        File.WriteAllText(Path, left);
        using (var file = new RollingFile(Path, MaxBytes, time, []))
        {
            Assert.True(file.TryWrite("next\n"u8));
        }

        Assert.Equal(kept + "next\n", File.ReadAllText(Path));
    }

    [Fact]
    public void NewBeginning_LeavesNothingOfAnEarlierRun()
    {
        File.WriteAllText(Path, "old\n");
        File.WriteAllText(Path + ".1", "older\n");
        using (var file = new RollingFile(Path, MaxBytes, time, []))
        {
            Assert.True(file.TryBegin());
            Assert.True(file.TryWrite("new\n"u8));
        }

        Assert.Equal(["new"], Lines());
    }

    [Fact]
    public void PlaceThatCannotBeWritten_IsTriedAgainASecondLater()
    {
        var place = folder.File("place");
        File.WriteAllText(place, "a file where a folder should be");
        using var file = new RollingFile(System.IO.Path.Combine(place, "letters"), MaxBytes, time, []);
        Assert.False(file.TryWrite("one\n"u8));
        Assert.NotEmpty(file.Error);

        File.Delete(place);
        Assert.False(file.TryWrite("two\n"u8));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(file.TryWrite("three\n"u8));
        file.Dispose();
        Assert.Equal("three\n", File.ReadAllText(System.IO.Path.Combine(place, "letters")));
    }

    [Fact]
    public void Link_StaysALinkWhenItsFileIsRotated()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links are made by administrators there");
        File.WriteAllText(folder.File("real"), "");
        File.CreateSymbolicLink(Path, folder.File("real"));
        using (var file = new RollingFile(Path, 20, time, []))
        {
            Assert.True(file.TryWrite("one one one\n"u8));
            Assert.True(file.TryWrite("two\n"u8));
        }

        Assert.Equal(folder.File("real"), new FileInfo(Path).LinkTarget);
        Assert.Equal(("one one one\n", "two\n"), (File.ReadAllText(folder.File("real.1")), File.ReadAllText(folder.File("real"))));
    }

    [Fact]
    public void Device_IsNeverRenamed()
    {
        const string Device = "/dev/null";
        if (File.Exists(Device))
        {
            using var file = new RollingFile(Device, 20, time, []);
            Assert.All(Enumerable.Range(0, 10), _ => Assert.True(file.TryWrite("a line of sixteen\n"u8)));
            Assert.False(File.Exists(Device + ".1"));
        }
    }

    private int Total() => new[] { Path, Path + ".1" }.Where(File.Exists).Sum(path => (int)new FileInfo(path).Length);

    private List<string> Lines() => [.. new[] { Path + ".1", Path }.Where(File.Exists).SelectMany(ReadShared)];

    private static string[] ReadShared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}

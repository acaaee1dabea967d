using System.Diagnostics;
using System.Globalization;
using KpiStream.Ingest.Host.Output.DeadLetters;

namespace KpiStream.Ingest.Tests.Host.Output.DeadLetters;

/// <summary>Live sources and their letters: nothing that happens to a letter reaches the source.</summary>
[Collection(Timed.Name)]
public sealed class DeadLetterQueueTests(ITestOutputHelper output) : IDisposable
{
    private const int Burst = 300_000;

    private readonly TemporaryFolder folder = new();
    private readonly List<string> said = [];

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task LettersOfAllReasons_AreInTheFileWithTheirTimesAndWithoutBytes()
    {
        var path = folder.File("letters.ndjson");
        var (counts, rejected) = await RejectAsync(Queue(path), BadLines.All.Select(bad => bad.Line));

        Assert.Equal((BadLines.All.Count, 0), (counts.Written, counts.Dropped));
        Assert.Equal(BadLines.All.Count, rejected);
        var letters = (await File.ReadAllLinesAsync(path)).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(BadLines.All.Select(bad => bad.Reason), letters.Select(letter => letter.GetProperty("reason").GetString()));
        Assert.Equal(Enumerable.Range(1, letters.Count), letters.Select(letter => letter.GetProperty("offset").GetInt32()));
        Assert.All(letters, letter => Assert.Equal("1970-01-01T07:00:01.234+07:00", letter.GetProperty("arrival").GetString()));
        Assert.All(letters, letter => Assert.True(letter.GetProperty("noted").GetDateTimeOffset() > DateTimeOffset.UtcNow.AddMinutes(-5)));
        Assert.DoesNotContain(BadLines.Secret, await File.ReadAllTextAsync(path));
        Assert.Empty(said);
    }

    [Fact]
    public async Task DiskThatIsFull_DropsAndSaysSoOnce()
    {
        const string Full = "/dev/full";
        Assert.SkipUnless(File.Exists(Full), "only Linux has a disk that is always full");
        var (counts, rejected) = await RejectAsync(Queue(Full), Enumerable.Repeat(BadLines.All[1].Line, 5_000));

        Assert.Equal((0, 5_000), (counts.Written, counts.Dropped));
        Assert.Equal(5_000, rejected);
        Assert.Contains("dead letters were lost", Assert.Single(said));
    }

    [Fact]
    public async Task DiskThatHangs_HoldsUpNobody()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there is no mkfifo");
        // A pipe that nobody reads: opening it waits, as a disk does whose server is gone.
        var pipe = folder.File("pipe");
        using (var make = Process.Start("mkfifo", pipe))
        {
            await make.WaitForExitAsync();
        }

        var queue = Queue(pipe);
        await using var engine = Engine();
        var took = Reject(engine, queue, Enumerable.Repeat(BadLines.All[1].Line, 100_000));
        output.WriteLine($"100,000 rejected in {took.TotalMilliseconds:0} ms beside a disk that hangs");

        // What was not dropped waits in the queue, or in the 64 KB that the writer collects before it first touches the file.
        Assert.InRange(queue.Counts.Dropped, 100_000 - DeadLetterQueue.Capacity - 1_000, 100_000);
        Assert.Equal(0, queue.Counts.Written);

        using var reader = File.OpenRead(pipe);
        var read = reader.CopyToAsync(Stream.Null);
        await queue.DisposeAsync();
        await read;
        Assert.Equal(100_000, queue.Counts.Written + queue.Counts.Dropped);
        Assert.True(queue.Counts.Written > 0);
    }

    /// <summary>
    /// A stream in which everything is wrong, through the real intake: what noting costs besides rejecting, and what it leaves on the disk.
    /// The bound is ten times what an idle machine needs.
    /// </summary>
    [Fact]
    public async Task StreamOfNothingButBadInput_CostsABoundedAmount()
    {
        const int MaxBytes = 4 << 20;
        var line = Encoding.UTF8.GetBytes("""{"source":"igate","case":"000.00.18.H31-250715-0001","at":"2025-07-16T10:00:00+07:00","status":11, """
            + """ "receiving":"12595","handling":"12595"}""");
        var lines = Enumerable.Repeat(line, Burst);
        var path = folder.File("letters.ndjson");
        await using var engine = Engine();
        Reject(engine, null, lines);
        var without = Reject(engine, null, lines);
        var queue = new DeadLetterQueue(
            new DeadLetterFile(DeadLetterFile.FileAt(path, MaxBytes, TimeProvider.System), TimeProvider.System, said.Add, "x"), TimeProvider.System);
        var cpu = Environment.CpuUsage.TotalTime;
        var with = Reject(engine, queue, lines);
        await queue.DisposeAsync();
        cpu = Environment.CpuUsage.TotalTime - cpu;

        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{without.TotalMicroseconds / Burst:0.00} µs a record rejected and counted, {with.TotalMicroseconds / Burst:0.00} µs noted too "
            + $"({cpu.TotalMicroseconds / Burst:0.00} µs CPU with the writer); {queue.Counts.Written} written, {queue.Counts.Dropped} dropped"));
        Assert.Equal(Burst, queue.Counts.Written + queue.Counts.Dropped);
        Assert.InRange((with - without).TotalMicroseconds / Burst, double.NegativeInfinity, 20);
        Assert.InRange(Directory.GetFiles(folder.Path).Sum(file => new FileInfo(file).Length), 1, MaxBytes);
        Assert.Empty(said);
    }

    private DeadLetterQueue Queue(string path) =>
        new(new DeadLetterFile(DeadLetterFile.FileAt(path, 1 << 20, TimeProvider.System), TimeProvider.System, said.Add, "dead_letters.file"),
            TimeProvider.System);

    private static StreamEngine Engine() => new(new EngineOptions { Rulebook = Shipped.Rulebook(), Directory = Shipped.Units("hungyen") });

    private static async Task<(DeadLetterCounts Counts, long Rejected)> RejectAsync(DeadLetterQueue queue, IEnumerable<byte[]> lines)
    {
        await using var engine = Engine();
        var intake = engine.OpenIntake("test", queue);
        foreach (var (index, line) in lines.Index())
        {
            intake.Accept(line, new SourcePosition(0, index + 1), arrival: 1_234);
        }

        await queue.DisposeAsync();
        return (queue.Counts, intake.Counts.Rejected);
    }

    private static TimeSpan Reject(StreamEngine engine, IDeadLetterSink? letters, IEnumerable<byte[]> lines)
    {
        var intake = engine.OpenIntake("test", letters);
        var began = Stopwatch.GetTimestamp();
        foreach (var line in lines)
        {
            intake.Accept(line, default, DecodeLimits.UnknownArrival);
        }

        return Stopwatch.GetElapsedTime(began);
    }
}

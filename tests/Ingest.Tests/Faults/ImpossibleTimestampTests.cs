using System.Security.Cryptography;
using KpiStream.Ingest.Host.Output.DeadLetters;

namespace KpiStream.Ingest.Tests.Faults;

/// <summary>Records' timestamps are written by producers, who write anything: what no event may carry says nothing, and ends nothing.</summary>
public sealed class ImpossibleTimestampTests(ITestOutputHelper output) : IDisposable
{
    private static readonly long[] Stamps =
        [-1, 0, 1, InstantText.Earliest - 1, InstantText.End, 253_402_300_799_999, 253_402_300_800_000, 9_999_999_999_999_999, long.MaxValue, long.MinValue,
            long.MinValue + 1];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    [Fault("impossible timestamps", "records are stamped −1, before 2000, and from the year 10000 on",
        "read as records without a timestamp: none is rejected for it, a recording of them is replayed, dead letters are written on")]
    public async Task RecordsStampedImpossibly_AreReadAsWithoutATimestamp_AndEndNothing()
    {
        var recorded = await RecordAsync();
        var replay = await CountRun.OfAsync(folder, "replay", recorded);
        Assert.Equal((0, Stamps.Length), (replay.ExitCode, (int)replay["events"]));
        Assert.Empty(replay.Rejected);

        var letters = await RejectAsync();
        Assert.Equal(2 * Stamps.Length, letters.Length);
        Seen.Say(output, $"{Stamps.Length} records replayed, {letters.Length} dead letters written");
    }

    [Fact]
    public void EveryForm_TurnsTheFutureCheckOff()
    {
        var decoder = new EventDecoder(new CodeBook(), PseudonymKey.Fixed, DecodeLimits.Default);
        byte[] map = [0x83, 0xa6, .. "source"u8, 0xa2, .. "hy"u8, 0xa4, .. "case"u8, 0xa2, .. "c1"u8, 0xa2, .. "at"u8, 0xcf, 0, 0, 1, 0x98, 0x11,
            0x2c, 0xb8, 0x7a];
        byte[] array = [0x95, 1, 7, 0xa2, .. "hy"u8, 0xa2, .. "c1"u8, 0xcf, 0, 0, 1, 0x98, 0x11, 0x2c, 0xb8, 0x7a];
        foreach (var record in (byte[][])[Line(1), map, array])
        {
            // Twice: the fast path knows the source only after the judge has.
            Assert.All(Stamps.Concat(Stamps), stamp => Assert.Equal(Verdict.Accepted, decoder.Decode(record, stamp, out _)));
            Assert.Equal(new Verdict(RejectReason.FromTheFuture), decoder.Decode(record, InstantText.Earliest, out _));
        }
    }

    [Fact]
    public void AnyNumber_HasATextAndAnArrival()
    {
        Assert.All(Stamps, stamp => Assert.EndsWith("+07:00", InstantText.ToLocalMillis(stamp) + InstantText.ToLocalSeconds(stamp)));
        Assert.All(Stamps, stamp => Assert.Equal(DecodeLimits.UnknownArrival, DecodeLimits.ArrivalOf(stamp)));
        Assert.Equal("9999-12-31T23:59:59.999+07:00", InstantText.ToLocalMillis(long.MaxValue));
        Assert.Equal((InstantText.Earliest, InstantText.End - 1), (DecodeLimits.ArrivalOf(InstantText.Earliest), DecodeLimits.ArrivalOf(InstantText.End - 1)));
    }

    private static byte[] Line(int number) =>
        Encoding.UTF8.GetBytes($$"""{"source":"hy","case":"c{{number}}","at":"2025-07-15T12:00:00Z","status":2,"receiving":"11953"}""");

    private async Task<string> RecordAsync()
    {
        var codes = new CodeBook();
        var decoder = new EventDecoder(codes, PseudonymKey.Fixed, DecodeLimits.Default);
        var path = folder.File("stamped.rec");
        using (var writer = RecordingOpening.Open(path, new RecordingOptions(codes, PseudonymKey.Fixed.Id)).Writer!)
        {
            foreach (var (index, stamp) in Stamps.Index())
            {
                Assert.True(decoder.Decode(Line(index), DecodeLimits.UnknownArrival, out var decoded).IsAccepted);
                writer.Append(in decoded, new SourcePosition(0, index), stamp);
            }

            writer.Close();
        }

        var sink = new Sources.CollectingSink();
        Assert.Equal(SourceEnd.Finished, await new RecordingSource([RecordingInput.FromPath(path)], new RecordingSourceOptions())
            .RunAsync(sink, CancellationToken.None));
        Assert.All(sink.Records, record => Assert.Equal(DecodeLimits.UnknownArrival, record.Arrival));
        return path;
    }

    /// <summary>The lines of a file of dead letters: records of every stamp, and as many behind them.</summary>
    private async Task<string[]> RejectAsync()
    {
        var path = folder.File("letters.ndjson");
        var queue = new DeadLetterQueue(new DeadLetterFile(
            new RollingFile(path, 1 << 20, TimeProvider.System, "{"u8.ToArray()), TimeProvider.System, _ => { }, "x"), TimeProvider.System);
        foreach (var stamp in Stamps.Concat(Enumerable.Repeat(InstantText.Earliest, Stamps.Length)))
        {
            queue.Put(new DeadLetter
            {
                Source = "test",
                Verdict = new Verdict(RejectReason.Malformed),
                Position = new SourcePosition(0, 1),
                Arrival = stamp,
                Length = 1,
                Sha256 = new byte[SHA256.HashSizeInBytes],
            });
        }

        Assert.False(queue.Writing.IsCompleted);
        await queue.DisposeAsync();
        Assert.Equal((2 * Stamps.Length, 0), (queue.Counts.Written, queue.Counts.Dropped));
        return await File.ReadAllLinesAsync(path);
    }
}

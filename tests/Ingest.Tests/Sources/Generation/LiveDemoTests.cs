using System.Threading.Channels;

namespace KpiStream.Ingest.Tests.Sources.Generation;

public sealed class LiveDemoTests
{
    private static readonly TimeSpan HalfSecond = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Demo_HasThirtyDaysBehindIt_AndGoesOnAtNightWithThePresentTime()
    {
        var time = new SteppedTime(new DateTimeOffset(2025, 11, 16, 2, 0, 0, TimeSpan.FromHours(7))); // a Sunday night
        using var stop = new CancellationTokenSource();
        var sink = new DemoSink();
        var run = new LiveDemo(TestUnits.Few, 5, time).RunAsync(sink, stop.Token);
        await sink.Flushed.ReadAsync().AsTask().WaitAsync(Patience);
        await time.TimerCreated.WaitAsync(Patience);

        var began = time.GetUtcNow().ToUnixTimeMilliseconds();
        var history = sink.Events.ToList();
        Assert.InRange(history.Count, 15_000, 40_000);
        Assert.InRange(history[0].Stamp.At, began - (31 * LocalTime.MillisPerDay), began - (29 * LocalTime.MillisPerDay));
        Assert.All(history, known => Assert.True(known.Stamp.At <= began));
        Assert.Equal(began, history[^1].Stamp.At); // or a board opened at night would begin with a stale figure

        var known = history.Select(old => old.Case).ToHashSet();
        var continued = 0;
        for (var tick = 0; tick < 200; tick++)
        {
            var before = sink.Events.Count;
            time.Advance(HalfSecond);
            await sink.Flushed.ReadAsync().AsTask().WaitAsync(Patience);
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            Assert.All(sink.Events[before..], live => Assert.InRange(live.Stamp.At, now - LocalTime.MillisPerDay * 2, now));
            continued += sink.Events[before..].Count(live => live.Stamp.At == now && known.Contains(live.Case));
        }

        Assert.InRange(sink.Events.Count - history.Count, 100, 350);
        Assert.InRange(continued, 50, 250);
        Assert.Equal(0, sink.Rejected);
        await stop.CancelAsync();
        Assert.Equal(SourceEnd.Stopped, await run.WaitAsync(Patience));
    }

    private sealed class DemoSink : IRecordSink
    {
        private readonly EventDecoder decoder = new(new CodeBook(), PseudonymKey.Fixed, DecodeLimits.Default);
        private readonly Channel<bool> flushed = System.Threading.Channels.Channel.CreateUnbounded<bool>();

        public ChannelReader<bool> Flushed => flushed.Reader;

        public List<CaseEvent> Events { get; } = [];

        public int Rejected { get; private set; }

        public void Accept(ReadOnlySpan<byte> record, SourcePosition position, long arrival)
        {
            Rejected += decoder.Decode(record, arrival, out var decoded).IsAccepted ? 0 : 1;
            Events.Add(decoded);
        }

        public void RejectTooLarge(SourcePosition position, long arrival, long length, ReadOnlySpan<byte> sha256) => Rejected++;

        public void Flush() => flushed.Writer.TryWrite(true);

        public void ReportLag(int partition, long remaining)
        {
        }
    }
}

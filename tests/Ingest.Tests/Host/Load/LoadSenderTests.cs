using KpiStream.Ingest.Host.Runs;
using KpiStream.Ingest.Host.Runs.Load;
using KpiStream.Ingest.Sources.Configuration.Loads;
using KpiStream.Ingest.Sources.Loads;

namespace KpiStream.Ingest.Tests.Host.Load;

/// <summary>The open loop on a clock of its own: what a stall looks like, and whose fault it is.</summary>
public sealed class LoadSenderTests
{
    private const long Milli = 1_000_000;
    private const int Rate = 1_000;
    private const int Seconds = 10;

    private readonly SteppedClock clock = new();
    private readonly LatencyBook book = new();

    [Fact]
    public void InjectedStall_IsSeenAtFullSizeInEveryPercentileThatItReaches()
    {
        var stalling = new StallingTarget(new Measured(clock, book), new LoadStall(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(1)), clock);
        var sender = Send(stalling);

        // One of ten seconds was a stall: of 10,000 events the 1,000 due in it, and the queue behind them, waited, evenly from one second down to nothing.
        Assert.Equal(Rate * Seconds, book.Count(LoadMeasure.Applied));
        foreach (var percentile in (double[])[90.5, 91, 95, 99, 99.9, 99.99, 100])
        {
            Assert.InRange(book.At(LoadMeasure.Applied, percentile)!.Value / 1e6, (percentile - 90) * 100 * 0.98, ((percentile - 90) * 100 * 1.02) + 15);
        }

        Assert.InRange(book.At(LoadMeasure.Applied, 89)!.Value, 0, 2 * Milli);
        Assert.InRange(sender.WorstOwnLag, 0, Milli); // The stall was the target's: the run says something.
        Assert.InRange(book.At(LoadMeasure.Lag, 100)!.Value / 1e6, 990, 1_010);
    }

    [Fact]
    public void SenderThatFallsBehindByItself_IsFoundOut()
    {
        clock.Oversleep = 300 * Milli;

        var sender = Send(new Measured(clock, book));

        Assert.InRange(sender.WorstOwnLag / 1e6, 299, 301);
        Assert.Equal(Rate * Seconds, sender.Sent); // Never shortened.
    }

    [Fact]
    public void WithoutAPlan_LatencyCountsFromTheEventsTurn()
    {
        var target = new Measured(clock, book) { Cost = 2 * Milli };
        var sender = Send(target, LoadPace.Max);

        Assert.InRange(book.At(LoadMeasure.Applied, 100)!.Value, 2 * Milli, 2.01 * Milli);
        Assert.Equal(0, book.Count(LoadMeasure.Lag));
        Assert.Equal(0, sender.WorstOwnLag);
    }

    [Fact]
    public void EventsDueMoreOftenThanTheBeat_ArePassedOnAtEveryBeat()
    {
        var target = new Measured(clock, book);
        var sender = Send(target, RatePace.Fixed(100 * Rate), isOpenLoop: true);

        Assert.Equal(Rate * Seconds, sender.Sent);
        Assert.InRange(book.At(LoadMeasure.Lag, 100)!.Value, 0, clock.Beat);
        Assert.InRange(target.Flushes, 10 * Seconds, 15 * Seconds); // A tenth of a second, and some at first.
    }

    [Theory]
    [InlineData(0, Rate * Seconds, 300)]
    [InlineData(1, Rate * (Seconds - 1), 0)]
    [InlineData(Seconds, 0, 0)]
    public void WarmUp_IsSentAndNotMeasured(int seconds, int measured, int behind)
    {
        var from = seconds * 1_000 * Milli;
        var warmed = new LatencyBook(from);
        clock.Oversleep = 300 * Milli;
        var sender = Send(new Measured(clock, warmed), from: from, noted: warmed);

        Assert.Equal((Rate * Seconds, measured, measured), (sender.Sent, warmed.Count(LoadMeasure.Applied), warmed.Count(LoadMeasure.Lag)));
        Assert.InRange(sender.WorstOwnLag / 1e6, behind - 1, behind + 1);
        warmed.Record(LoadMeasure.Published, [from + 1_000, from - 1_000, from, from - 1], from + (9 * Milli));
        Assert.Equal(2, warmed.Count(LoadMeasure.Published));
    }

    private LoadSender Send(ILoadTarget target, LoadPace? pace = null, bool? isOpenLoop = null, long from = 0, LatencyBook? noted = null)
    {
        var queue = new LoadQueue();
        var plan = new LoadSchedule(pace ?? RatePace.Fixed(Rate));
        var sender = new LoadSender(queue, target, clock, isOpenLoop ?? pace is null)
        {
            NoteLag = (due, nanos) => (noted ?? book).Record(LoadMeasure.Lag, due, nanos),
            JudgedFrom = from,
        };
        for (var index = 0; index < Rate * Seconds; index++)
        {
            Assert.True(queue.TryPut("{}"u8, default, plan.Next(index)!.Value, CancellationToken.None));
        }

        queue.Complete(CancellationToken.None);
        Assert.True(sender.Run(CancellationToken.None));
        return sender;
    }

    /// <summary>A target that takes what it costs and says at once how late each event was.</summary>
    private sealed class Measured(SteppedClock clock, LatencyBook book) : ILoadTarget
    {
        public long Cost { get; init; }

        public bool TrySend(ReadOnlySpan<byte> record, in LoadItem item, CancellationToken stop)
        {
            clock.Now += Cost;
            book.Record(LoadMeasure.Applied, [item.Due], clock.Now);
            return true;
        }

        public int Flushes { get; private set; }

        public void Flush() => Flushes++;
    }

    private sealed class SteppedClock : ILoadClock
    {
        public long Now { get; set; }

        public long Beat => Milli;

        /// <summary>By how much the next wait is too long.</summary>
        public long Oversleep { get; set; }

        public void Rest(CancellationToken stop) => Now += Beat;

        public void WaitUntil(long nanos, CancellationToken stop) => (Now, Oversleep) = (Math.Max(Now, nanos) + Oversleep, 0);
    }
}

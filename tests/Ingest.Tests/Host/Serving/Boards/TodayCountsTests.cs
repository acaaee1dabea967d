using KpiStream.Engine.Boards;
using KpiStream.Ingest.Host.Serving.Boards;

namespace KpiStream.Ingest.Tests.Host.Serving.Boards;

public sealed class TodayCountsTests
{
    private static readonly long Noon = LocalTime.StartOfDay(20_000) + (LocalTime.MillisPerDay / 2);

    private readonly TodayCounts counts = new();

    [Fact]
    public void LogsPast_IsNotToday()
    {
        Assert.Equal((0, 0), Of(Noon, 500, 40, caughtUp: false));
        Assert.Equal((0, 0), Of(Noon + 1, 600, 50, caughtUp: true));
        Assert.Equal((3, 1), Of(Noon + 2, 603, 51, caughtUp: true));
    }

    [Fact]
    public void Midnight_BeginsAnew()
    {
        Of(Noon, 0, 0, caughtUp: true);
        Assert.Equal((7, 2), Of(Noon + 1, 7, 2, caughtUp: true));
        Assert.Equal((1, 0), Of(Noon + LocalTime.MillisPerDay, 8, 2, caughtUp: true));
        Assert.Equal((2, 1), Of(Noon + LocalTime.MillisPerDay + 1, 9, 3, caughtUp: true));
    }

    [Fact]
    public void ARestartOnTheSameDay_CountsOn()
    {
        Of(Noon, 500, 40, caughtUp: true);
        Assert.Equal((7, 2), Of(Noon + 1, 507, 42, caughtUp: true));
        var next = new TodayCounts(counts.Saved);
        Assert.Equal((3, 1), Of(next, Noon + 2, 503, 41, caughtUp: false));
        Assert.Equal((8, 2), Of(next, Noon + 3, 508, 42, caughtUp: true));
        Assert.Equal(new SavedToday(20_000, counts.Saved!.Rejected, 40), next.Saved! with { Rejected = counts.Saved.Rejected });
        Assert.Equal(500, next.Saved.Rejected["malformed"]);
    }

    [Fact]
    public void ARestartOnAnotherDay_BeginsWhenThePastIsRead()
    {
        Of(Noon, 500, 40, caughtUp: true);
        var next = new TodayCounts(counts.Saved);
        Assert.Equal((0, 0), Of(next, Noon + LocalTime.MillisPerDay, 510, 50, caughtUp: false));
        Assert.Equal((0, 0), Of(next, Noon + LocalTime.MillisPerDay + 1, 511, 50, caughtUp: true));
        Assert.Equal((1, 0), Of(next, Noon + LocalTime.MillisPerDay + 2, 512, 50, caughtUp: true));
    }

    [Fact]
    public void Reasons_AreTheMostFrequentOfToday()
    {
        List<(Verdict, long)> past = [(new Verdict(RejectReason.Malformed), 900)];
        counts.Of(Noon, past, 0, caughtUp: false);
        counts.Of(Noon, past, 0, caughtUp: true);
        var (rejected, _, reasons) = counts.Of(Noon, [
            .. past, (new Verdict(RejectReason.TooLarge), 2), (new Verdict(RejectReason.UnknownSource), 9), (new Verdict(RejectReason.FromTheFuture), 4),
            (new Verdict(RejectReason.UnsupportedVersion), 3), (Verdict.Missing(CaseKey.At), 1), (Verdict.BadValue(CaseKey.Fee), 5),
        ], 0, caughtUp: true);

        Assert.Equal(24, rejected);
        Assert.Equal(
            [new("unknown_source", null, 9), new("bad_value", "fee", 5), new("from_the_future", null, 4), new("unsupported_version", null, 3),
                new BoardReject("too_large", null, 2)],
            reasons);
    }

    private (long Rejected, long Late) Of(long now, long rejected, long late, bool caughtUp) => Of(counts, now, rejected, late, caughtUp);

    private static (long Rejected, long Late) Of(TodayCounts today, long now, long rejected, long late, bool caughtUp)
    {
        var (rejectedToday, lateToday, _) = today.Of(now, [(new Verdict(RejectReason.Malformed), rejected)], late, caughtUp);
        return (rejectedToday, lateToday);
    }
}

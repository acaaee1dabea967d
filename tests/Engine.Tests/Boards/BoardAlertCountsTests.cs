using KpiStream.Engine.Alerts;
using KpiStream.Engine.Boards;

namespace KpiStream.Engine.Tests.Boards;

/// <summary>A frame stays small however many alerts fire, and says how many there are.</summary>
public sealed class BoardAlertCountsTests
{
    [Fact]
    public void AsManyAsFit_AreAllListed()
    {
        List<BoardAlert> alerts = [.. Enumerable.Range(0, BoardAlertCounts.MostListed).Select(static number => Alert(number, AlertKind.LowVolume, "firing"))];
        var (listed, counts) = BoardAlertCounts.Cut(alerts, static _ => true);
        Assert.Same(alerts, listed);
        Assert.Null(counts);
    }

    [Fact]
    public void OfThousands_ThoseOfTheRowsComeFirst_LowVolumeLast_AndAllAreCounted()
    {
        List<BoardAlert> alerts =
        [
            .. Enumerable.Range(0, 3_000).Select(static number => Alert(number, AlertKind.LowVolume, "firing")),
            .. Enumerable.Range(3_000, 300).Select(static number => Alert(number, AlertKind.Pace, number % 2 == 0 ? "pending" : "resolved")),
            Alert(9_001, AlertKind.Ratio, "resolving"), Alert(9_002, AlertKind.Ratio, "firing"),
        ];
        var (listed, counts) = BoardAlertCounts.Cut(alerts, static unit => int.Parse(unit) < 9_000);
        Assert.Equal(new BoardAlertCounts(3_001, 1, 150, 150), counts);
        Assert.Equal(BoardAlertCounts.MostListed, listed.Count);
        Assert.Equal(["9002", "9001"], listed.Take(2).Select(static alert => alert.Unit));
        Assert.DoesNotContain(listed, static alert => alert.Kind == AlertKind.LowVolume);
        Assert.Equal(150, listed.Count(static alert => alert.State == "pending"));
        Assert.Equal(listed, BoardAlertCounts.Cut([.. alerts.AsEnumerable().Reverse()], static unit => int.Parse(unit) < 9_000).Listed);
    }

    private static BoardAlert Alert(int unit, AlertKind kind, string state) => new("r", $"{unit}", "", state, "2025-07-29T10:00:00", "") { Kind = kind };
}

using KpiStream.Engine.Units;

namespace KpiStream.Ingest.Tests.Simulation;

/// <summary>
/// Rulebooks and directories that one life may have and the next may not. They are small: of figures one of each sort, of units a dozen and some of their
/// predecessors. The others would find nothing more, and take the time of a hundred seeds.
/// </summary>
internal static class SimulatedSettings
{
    public static IReadOnlyList<Rulebook> Rulebooks { get; } = [.. Books()];

    public static IReadOnlyList<UnitDirectory> Directories { get; } = [Directory("units a", old: 0), Directory("units b", old: 12)];

    /// <summary>Without the fast path, whose tables take longer to make than these few records to read.</summary>
    public static DecodeLimits Limits { get; } = DecodeLimits.Default with { FastPath = false };

    /// <summary>The periods asked for.</summary>
    public static IReadOnlyList<Period> Periods { get; } = [.. "day,month,7d,since:2025-07-01,now".Split(',').Select(name => Period.TryParse(name)!)];

    private static IEnumerable<Rulebook> Books()
    {
        string[] kept = ["fully_online", "filed_online", "online_payment", "on_time", "received", "feedback_on_time"];
        var shipped = Shipped.Rulebook();
        var synced = shipped.Figures.First(figure => figure.Id == "synced").Count;
        var first = shipped with { Hash = "book a", Figures = [.. shipped.Figures.Where(figure => kept.Contains(figure.Id))] };
        yield return first;
        yield return first with { Hash = "book b", Figures = [.. first.Figures.Select(figure => figure with { Count = figure.IsVolume ? null : synced })] };
        yield return first with
        {
            Hash = "book c",
            Waivers = [new FeeWaiver("1.001193", null, new DateOnly(2025, 7, 1), new DateOnly(2025, 7, 10), "simulation")]
        };
    }

    private static UnitDirectory Directory(string version, int old)
    {
        var shipped = Shipped.Units("hungyen").Rows;
        List<UnitRow> kept = [.. shipped.Take(12)];
        kept.AddRange(shipped.Where(row => row.Successor is not null && kept.Any(one => one.Code == row.Successor)).Take(old).ToList());
        return UnitDirectory.TryCreate(kept, version, [])!;
    }
}

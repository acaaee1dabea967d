using KpiStream.Engine.Alerts;

namespace KpiStream.Ingest.Host.Runs.Backtests;

/// <summary>
/// The engine that judges a stream of the past, and the plan it is judged by: one shard on the calling thread, and a clock that the replay moves.
/// </summary>
internal static class PastEngine
{
    /// <param name="rulebook">The figures.</param>
    /// <param name="units">The directory.</param>
    /// <param name="catalogue">The procedures offered.</param>
    /// <param name="rules">Those that are judged: the sliding periods they are over are kept.</param>
    /// <param name="clock">What now is.</param>
    /// <param name="steps">Gets the shard's step, see <see cref="Stepping"/>.</param>
    public static EngineOptions Options(
        Rulebook rulebook, UnitDirectory units, ProcedureCatalogue catalogue, IEnumerable<AlertRule> rules, ReplayClock clock, List<Func<bool>> steps)
    {
        var sliding = rules.Select(static rule => rule.Period).Where(static period => period.Kind == PeriodKind.Sliding);
        return new EngineOptions
        {
            Rulebook = rulebook,
            Directory = units,
            Catalogue = catalogue,
            Sliding = [.. sliding.DistinctBy(static period => period.Seconds)],
            WallClock = () => clock.Now,
            Stepped = steps.Add,
        };
    }

    /// <summary>What readings are taken by; nothing of it is shown.</summary>
    /// <param name="engine">Of which the figures and units are.</param>
    /// <param name="silence">How long, and when, a source may say nothing.</param>
    public static BoardPlan Board(StreamEngine engine, Settings silence) => new()
    {
        Rules = engine.Rules,
        Directory = engine.Options.Directory,
        Top = BoardPlan.TopOf(engine.Options.Directory),
        Period = Period.TryParse("day")!,
        LowVolume = AlertSettings.DefaultLowVolume,
        Catalogue = engine.Options.Catalogue,
        StaleAfterSeconds = silence.StaleAfterSeconds,
        Office = silence.OfficeHours,
        Demo = false,
    };
}

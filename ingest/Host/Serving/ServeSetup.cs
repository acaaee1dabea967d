using KpiStream.Engine.Alerts;
using KpiStream.Ingest.Host.Serving.Access;
using KpiStream.Ingest.Host.Serving.Boards;
using KpiStream.Ingest.Host.Serving.Posting;
using KpiStream.Ingest.Sources.Configuration.Alerts;

namespace KpiStream.Ingest.Host.Serving;

/// <summary>What a run of <c>serve</c> is made of, and what follows from it.</summary>
internal sealed record ServeSetup
{
    public required LoadedSettings Loaded { get; init; }

    public required LiveSource Live { get; init; }

    public required PseudonymKey Key { get; init; }

    /// <summary>Who may post events; null where nobody may.</summary>
    public required ApiKeys? Posters { get; init; }

    /// <summary>TLS, proxy and who may do what; null where none of it is configured.</summary>
    public AccessParts? Access { get; init; }

    public required Period BoardPeriod { get; init; }

    /// <summary>How checkpoints are kept; null when they are not.</summary>
    public required StatePlan? State { get; init; }

    /// <summary>How the server checks itself; null when it does not.</summary>
    public required SelfCheckPolicy? SelfChecks { get; init; }

    public required Action<IEndpointRouteBuilder> MapPages { get; init; }

    /// <summary>See <see cref="BoardPlan.PageVersion"/>.</summary>
    public string PageVersion { get; init; } = "";

    /// <summary>Told once everything has started.</summary>
    public Action Started { get; init; } = static () => { };

    /// <summary>Given the engine before anything is read.</summary>
    public Action<StreamEngine> Opened { get; init; } = static _ => { };

    /// <summary>See <see cref="BoardPublisher.Published"/>.</summary>
    public Action<FrameTimes> Published { get; init; } = static _ => { };

    /// <summary>What is watched when the server starts.</summary>
    public AlertRuleSet Rules => Live.RulesOver(Loaded.AlertRules);

    public EngineOptions EngineOptions(TimeProvider time) => new()
    {
        Rulebook = Loaded.Rulebook,
        Directory = Loaded.Units,
        Catalogue = Loaded.Catalogue,
        PseudonymKey = Key,
        Codes = Live.Codes,
        Profiles = Loaded.Profiles.Of(Live.IsDemo || Live.Commit is not null ? null : Loaded.Settings.Kafka.Topic, new UnitAliases(Loaded.Units)),
        Limits = Loaded.Settings.Limits,
        Shards = Loaded.Settings.Shards,
        LateAfter = Loaded.Settings.LateAfterMillis,
        WallClock = () => time.GetUtcNow().ToUnixTimeMilliseconds(),
        Sliding = [.. Loaded.Settings.Windows.Append(BoardPeriod).Concat(Rules.Rules.Select(rule => rule.Period))
            .Where(period => period.Kind == PeriodKind.Sliding).DistinctBy(period => period.Seconds)],
    };

    public BoardPlan Board(StreamEngine engine) => new()
    {
        Rules = engine.Rules,
        Directory = Loaded.Units,
        Top = BoardPlan.TopOf(Loaded.Units),
        Period = BoardPeriod,
        LowVolume = Rules.Rules.OfType<LowVolumeRule>().FirstOrDefault() ?? AlertSettings.DefaultLowVolume,
        Catalogue = Loaded.Catalogue,
        StaleAfterSeconds = Loaded.Settings.StaleAfterSeconds,
        Office = Loaded.Settings.OfficeHours,
        Demo = Live.IsDemo,
        PageVersion = PageVersion,
        Spans = BoardPlan.SpansKept(engine.Options.Sliding),
    };
}

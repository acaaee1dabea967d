using KpiStream.Engine.Codecs;
using KpiStream.Engine.Kpis;
using KpiStream.Engine.Pipeline;
using KpiStream.Engine.Units;
using KpiStream.Engine.Windowing;
using KpiStream.Ingest.Sources.Configuration.Rules;

namespace KpiStream.Tests.Support;

/// <summary>Records through the real engine, from the first to the last, and what came out.</summary>
public sealed record EngineRun(string Csv, string Fingerprint, long Applied, long Duplicates, int Cases, IntakeCounts Counts, long Now)
{
    /// <summary>What the events stated.</summary>
    public required StreamCounts Stream { get; init; }

    /// <summary>Runs records through an engine of some shards and exports its figures.</summary>
    /// <param name="records">The records in order of arrival, one event each.</param>
    /// <param name="periods">Periods as typed, separated by commas.</param>
    /// <param name="asOf">Now in milliseconds; null to let it follow the events.</param>
    /// <param name="profiles">How payloads that are not native are read.</param>
    /// <param name="decoders">Threads that decode; 0 for the calling one.</param>
    /// <param name="letters">Gets the rejected ones.</param>
    public static async Task<EngineRun> OverAsync(
        IEnumerable<byte[]> records, string periods = "day,month,year", bool rollUp = false, long? asOf = null, int shards = 1,
        Rulebook? rulebook = null, UnitDirectory? directory = null, SourceProfiles? profiles = null, int decoders = 0, IDeadLetterSink? letters = null)
    {
        var asked = periods.Split(',').Select(name => Period.TryParse(name) ?? throw new ArgumentException(name)).ToList();
        var options = new EngineOptions
        {
            Rulebook = rulebook ?? Shipped.Rulebook(),
            Directory = directory ?? Shipped.Units("hungyen"),
            Shards = shards,
            Sliding = [.. asked.Where(period => period.Kind == PeriodKind.Sliding)],
            NowFollowsEvents = asOf is null,
            Profiles = profiles ?? SourceProfiles.None,
        };
        var engine = new StreamEngine(options);
        var intake = engine.OpenIntake("test", letters);
        using var spread = decoders > 0 ? engine.Spread(intake, decoders) : null;
        var sink = spread ?? (IRecordSink)intake;
        if (asOf is { } fixedNow)
        {
            await engine.AdvanceToAsync(fixedNow);
        }

        var line = 0;
        foreach (var record in records)
        {
            sink.Accept(record, new SourcePosition(0, ++line), DecodeLimits.UnknownArrival);
        }

        sink.Flush();
        var now = asOf ?? intake.Counts.GreatestAt;
        await engine.AdvanceToAsync(now);
        await engine.StopAsync();
        return Of(engine, intake, asked, now, rollUp);
    }

    /// <summary>What came out of an engine that has been stopped.</summary>
    public static EngineRun Of(StreamEngine engine, Intake intake, IReadOnlyList<Period> asked, long now, bool rollUp)
    {
        var ledgers = engine.States.Select(state => state.Ledger).ToList();
        using var csv = new StringWriter();
        var export = new FigureExport(engine.Rules, engine.Options.Codes.Units, engine.Options.Directory, now, rollUp);
        FigureCsv.WriteInOrder(csv, export.Rows(ledgers, asked));
        var fingerprint = default(Fingerprint);
        foreach (var ledger in ledgers)
        {
            fingerprint.Merge(ledger.Fingerprint);
        }

        return new EngineRun(
            csv.ToString(), fingerprint.ToString(), engine.States.Sum(state => state.Applied), engine.States.Sum(state => state.Duplicates),
            engine.States.Sum(state => state.Cases.Count), intake.Counts, now)
        {
            Stream = engine.States.Aggregate(StreamCounts.Empty, static (all, state) => all.With(state.Stream.Copy())),
        };
    }
}

using KpiStream.Ingest.Host.Serving.Liveness;

namespace KpiStream.Ingest.Host.Serving.Api;

/// <summary>Who sends what: <c>GET /api/v1/sources</c>.</summary>
/// <param name="Events">Accepted events.</param>
/// <param name="NotCounted">Those of them that came before keys were counted: the state began with a checkpoint of an older program.</param>
/// <param name="Sources">The sources in the order of their first events.</param>
/// <param name="Others">All sources beyond the first <see cref="StreamCounter.MostSources"/> together; null when there are none.</param>
internal sealed record SourcesAnswer(long Events, long NotCounted, IReadOnlyList<SourceAnswer> Sources, SourceAnswer? Others)
{
    public static async Task<SourcesAnswer> ReadAsync(StreamEngine engine, SourcesReading heard, CancellationToken cancel)
    {
        var shards = await engine.AskAsync(static state => (Stream: state.Stream.Copy(), Events: state.Applied + state.Duplicates), cancel);
        var counts = shards.Aggregate(StreamCounts.Empty, static (all, shard) => all.With(shard.Stream));
        var events = shards.Sum(static shard => shard.Events);
        return new SourcesAnswer(
            events, events - counts.Events,
            [.. counts.Sources.Where(static source => source.Source.Length > 0).OrderBy(source => engine.Options.Codes.Sources.Find(source.Source))
                .Select(source => SourceAnswer.Of(source, heard.Find(source.Source)))],
            counts.Sources.FirstOrDefault(static source => source.Source.Length == 0) is { } others ? SourceAnswer.Of(others, heard.Find("")) : null);
    }
}

/// <summary>One source.</summary>
/// <param name="Source">Its name; empty for several together.</param>
/// <param name="Events">Its accepted events.</param>
/// <param name="NeverStated">The keys that none of them states, in the order of the contract: what rests on them is unobserved.</param>
/// <param name="Keys">The others, likewise.</param>
internal sealed record SourceAnswer(string Source, long Events, IReadOnlyList<string> NeverStated, IReadOnlyList<StatedKeyAnswer> Keys)
{
    /// <summary><c>live</c>, <c>idle</c>, <c>silent</c> or <c>gone</c>, as on the board; null while the past is read.</summary>
    public string? State { get; init; }

    /// <summary>When its last event arrived, local time; null while the past is read.</summary>
    public string? LastArrival { get; init; }

    /// <summary>How many events it usually sends in an hour at this time of such a day; null before two working days are known.</summary>
    public double? ExpectedNow { get; init; }

    public static SourceAnswer Of(SourceKeys source, SourceReading? heard)
    {
        // The source itself is stated by every event, and what is no register rests on nothing.
        List<StatedKeyAnswer> all =
        [
            .. source.Counts.Index().Where(static key => (CaseKeys.Registers & ~(1u << (int)CaseKey.Source) & (1u << key.Index)) != 0)
                .Select(key => new StatedKeyAnswer(CaseKeys.NameOf((CaseKey)key.Index), key.Item, (double)key.Item / source.Events)),
        ];
        return new SourceAnswer(source.Source, source.Events, [.. all.Where(static key => key.Events == 0).Select(static key => key.Key)],
            [.. all.Where(static key => key.Events > 0)])
        {
            State = heard?.StateName,
            LastArrival = heard is { LastAt: var at } ? InstantText.ToLocalSeconds(at) : null,
            ExpectedNow = heard?.ExpectedPerHour,
        };
    }
}

/// <summary>How often a source states a key.</summary>
/// <param name="Events">Accepted events that carry it, null included.</param>
/// <param name="Share">Of all the source's events, above 0 and up to 1.</param>
internal sealed record StatedKeyAnswer(string Key, long Events, double Share);

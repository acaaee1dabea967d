using System.Runtime.InteropServices;
using KpiStream.Engine.Boards;
using KpiStream.Engine.Events;
using KpiStream.Engine.Pipeline;
using KpiStream.Engine.Time;
using KpiStream.Engine.Windowing;

namespace KpiStream.Ingest.Host.Serving;

/// <summary>What all shards together knew at one now: sums of some periods, gauges, counts.</summary>
internal sealed class EngineReading
{
    private readonly Dictionary<string, UnitTotals> totals = new(StringComparer.Ordinal);

    private EngineReading(long now) => Now = now;

    /// <summary>Milliseconds since 1970 UTC.</summary>
    public long Now { get; }

    /// <summary>Gauges by unit, successors and parents applied.</summary>
    public Dictionary<string, long[]> Gauges { get; } = new(StringComparer.Ordinal);

    public long Duplicates { get; private set; }

    public long Cases { get; private set; }

    /// <summary>The memory of the cases, index included, bytes.</summary>
    public long CaseBytes { get; private set; }

    /// <summary>Contributions and deadlines that windows and gauges still have to pass.</summary>
    public long Contributions { get; private set; }

    /// <summary>Their memory, bytes.</summary>
    public long ContributionBytes { get; private set; }

    /// <summary>The newest event time folded; null before the first event.</summary>
    public long? GreatestAt { get; private set; }

    /// <summary>How often the wall clock was put back so far that windows and gauges were derived again, and how far the last time.</summary>
    public ClockSetBack SetBack { get; private set; }

    /// <summary>The keys that any source has stated, a bit for each <see cref="CaseKey"/>; all of them where events came before keys were counted.</summary>
    public uint StatedKeys { get; private set; }

    /// <summary>The days of which the log has records.</summary>
    public ObservedDays Days { get; } = new();

    /// <summary>Cases by province and procedure over the first period asked for; null for a sliding period that is not kept.</summary>
    public ProcedureSums? Procedures { get; private set; }

    /// <summary>Sums of a period asked for; null for a sliding period that is not kept.</summary>
    public UnitTotals? Of(Period period) => totals.GetValueOrDefault(period.Name);

    /// <summary>Moves all shards to now and reads them.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="periods">Periods to sum; calendar ones as of <paramref name="anchor"/>.</param>
    /// <param name="now">The wall clock, milliseconds since 1970 UTC; where it was put back by two seconds at most, now holds still.</param>
    /// <param name="anchor">A day in the calendar stretch meant; today when null.</param>
    /// <param name="cancel">Gives up waiting.</param>
    /// <param name="alone">A unit that keeps a row of its own though it may be one of very many codes of no directory.</param>
    public static async Task<EngineReading> TakeAsync(
        StreamEngine engine, IReadOnlyList<Period> periods, long now, DateOnly? anchor, CancellationToken cancel, string? alone = null)
    {
        now = await engine.MoveToAsync(now, cancel);
        var today = LocalTime.DateOf(LocalTime.DayOf(now));
        var asked = periods.DistinctBy(period => period.Name).ToList();
        var own = alone is null ? 0 : engine.Options.Codes.Units.Find(alone);
        Func<int, int> shownAs = own == 0 ? engine.ShownUnits.Of : unit => unit == own ? unit : engine.ShownUnits.Of(unit);
        var day = LocalTime.DayOf(now);
        Func<int, int> handledBy = unit => shownAs(engine.Successors.Resolve(unit, day));
        var shards = await engine.AskAsync(state => ShardReading.Take(state, asked, now, anchor ?? today, today, shownAs, handledBy), cancel);
        var reading = new EngineReading(now);
        foreach (var shard in shards)
        {
            reading.Duplicates += shard.Duplicates;
            reading.Cases += shard.Cases;
            reading.CaseBytes += shard.CaseBytes;
            reading.Contributions += shard.Contributions;
            reading.ContributionBytes += shard.ContributionBytes;
            reading.GreatestAt = shard.GreatestAt > (reading.GreatestAt ?? 0) ? shard.GreatestAt : reading.GreatestAt;
            reading.SetBack = shard.SetBack.Times > reading.SetBack.Times ? shard.SetBack : reading.SetBack;
            if (reading.Procedures is null)
            {
                reading.Procedures = shard.Procedures;
            }
            else
            {
                reading.Procedures.Merge(shard.Procedures!);
            }

            reading.StatedKeys |= shard.Stream.Events == shard.Events ? shard.Stream.Keys : uint.MaxValue;
            reading.Days.Add(shard.Stream.Days);
            reading.AddGauges(engine, shard.Gauges);
        }

        for (var i = 0; i < asked.Count; i++)
        {
            if (shards[0].Sums[i] is { } sums)
            {
                foreach (var other in shards.Skip(1))
                {
                    sums.Merge(other.Sums[i]!);
                }

                reading.totals.Add(asked[i].Name, new UnitTotals(sums, engine.Options.Codes.Units.Text, engine.Options.Directory));
            }
        }

        return reading;
    }

    private void AddGauges(StreamEngine engine, Dictionary<int, int[]> gauges)
    {
        foreach (var (unit, counts) in gauges)
        {
            var code = engine.Options.Codes.Units.Text(unit);
            foreach (var shown in engine.Options.Directory.Above(code).Prepend(code))
            {
                if (!Gauges.TryGetValue(shown, out var sum))
                {
                    Gauges.Add(shown, sum = new long[Engine.Windowing.Gauges.Count]);
                }

                for (var i = 0; i < sum.Length; i++)
                {
                    sum[i] += counts[i];
                }
            }
        }
    }

    /// <summary>One shard's part, copied on its own thread.</summary>
    private sealed record ShardReading(
        List<LedgerSums?> Sums, Dictionary<int, int[]> Gauges, long Duplicates, long Cases, long GreatestAt,
        long CaseBytes, long Contributions, long ContributionBytes, ClockSetBack SetBack, StreamCounts Stream, long Events, ProcedureSums? Procedures)
    {
        public static ShardReading Take(
            ShardState state, List<Period> periods, long now, DateOnly anchor, DateOnly today, Func<int, int> shownAs, Func<int, int> handledBy)
        {
            state.Ledger.AdvanceTo(now);
            return new ShardReading(
                [.. periods.Select(period => LedgerSums.Of(state.Ledger.Figures, period, anchor, today, shownAs))],
                GaugesOf(state.Ledger.Gauges, handledBy), state.Duplicates, state.Cases.Count, state.GreatestAt,
                state.Cases.Bytes, state.Ledger.Held, state.Ledger.Bytes, state.SetBack, state.Stream.Copy(), state.Applied + state.Duplicates,
                state.Ledger.Procedures.Sums(periods[0], anchor, today));
        }

        private static Dictionary<int, int[]> GaugesOf(GaugeLedger ledger, Func<int, int> handledBy)
        {
            var sums = new Dictionary<int, int[]>();
            for (var unit = 0; unit < ledger.UnitEnd; unit++)
            {
                var counts = ledger[unit];
                if (counts.IsEmpty)
                {
                    continue;
                }

                ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, handledBy(unit), out _);
                sum ??= new int[counts.Length];
                for (var i = 0; i < sum.Length; i++)
                {
                    sum[i] += counts[i];
                }
            }

            return sums;
        }
    }
}

using KpiStream.Engine.Reconciliation;

namespace KpiStream.Ingest.Host.Serving.SelfChecks;

/// <summary>
/// Counts a unit's day again from the log, by the recount's own code, and compares it with what the engine had when exactly the same records had been handed
/// over. The log is read twice (<see cref="UnitDayRecount"/>), slowly. Any flow may run it, one at a time.
/// </summary>
/// <param name="cuts">Where the stream is cut.</param>
/// <param name="log">What is read again.</param>
internal sealed class SelfCheck(StreamEngine engine, BarrierSink cuts, RecountLog log, SelfCheckPolicy policy, TimeProvider time)
{
    /// <summary>Checks one unit's day.</summary>
    public async Task<SelfCheckResult> RunAsync(UnitDay place, CancellationToken stop)
    {
        var cut = await CutAsync(place.Day, stop);
        var codes = new CodeBook();
        var recount = new UnitDayRecount(codes, engine.Options.Rulebook, engine.Options.Directory, place, policy.Bounds);
        var read = await ReadAsync(recount, codes, cut.UpTo, isMarking: true, stop);
        var records = read.Records;
        recount.EndMarking();
        if (read.Verdict is SelfCheckVerdict.Equal or SelfCheckVerdict.Damaged)
        {
            read = await ReadAsync(recount, codes, cut.UpTo, isMarking: false, stop);
            records += read.Records;
        }

        var figures = read.Verdict is SelfCheckVerdict.Equal or SelfCheckVerdict.Damaged ? Compare(place, cut, recount) : [];
        var (verdict, error) = Judge(read, figures);
        if (verdict == SelfCheckVerdict.Incomplete && figures.Exists(static figure => figure.Differs))
        {
            figures = [];
        }

        return new SelfCheckResult
        {
            Place = place,
            Verdict = verdict,
            At = cut.At,
            Took = TimeSpan.FromMilliseconds(Math.Max(0, time.GetUtcNow().ToUnixTimeMilliseconds() - cut.At)),
            Records = records,
            Cases = recount.Cases,
            Figures = figures,
            Error = error,
        };
    }

    /// <summary>True where the log has lost what a checkpoint may have counted, and that is known: then a difference proves no figure wrong.</summary>
    private bool LacksWhatWasCounted(RecountReading read) => read.MissingBefore.Count > 0
        && (read.Verdict == SelfCheckVerdict.Equal || (read.Verdict == SelfCheckVerdict.Damaged && read.MissingBefore.All(IsKnown)));

    private bool IsKnown((long From, long To) lost) =>
        log.Gaps?.All.Any(gap => gap.IsOfLog && gap.From <= lost.From && lost.To <= gap.To) == true;

    // Of a log with a gap both sides lack the same records: that they agree says nothing of those.
    private (SelfCheckVerdict Verdict, string Error) Judge(RecountReading read, List<CheckedFigure> figures)
    {
        if (LacksWhatWasCounted(read))
        {
            var lost = read.MissingBefore.Take(3).Select(static lost => $"{lost.From} to {lost.To - 1}");
            return (SelfCheckVerdict.Incomplete, $"events {string.Join(", ", lost)}{(read.MissingBefore.Count > 3 ? " and more" : "")} are missing in the log "
                + "and may have been counted before this start: where they count, figures cannot be compared. Bring the files back from a copy, or "
                + "acknowledge what is gone (/api/v1/gaps).");
        }

        if (figures.Exists(static figure => figure.Differs))
        {
            return (SelfCheckVerdict.Different, read.Error);
        }

        return read.Verdict == SelfCheckVerdict.Equal && log.Gaps is { All: { Count: > 0 } gaps }
            ? (SelfCheckVerdict.Incomplete, $"what the log holds gives the figures shown, and both lack what is gone: "
                + $"{string.Join("; ", gaps.Take(3).Select(static gap => gap.Describe()))}.")
            : (read.Verdict, read.Error);
    }

    /// <summary>
    /// Of a day that is not over, what lies after now waits: then all shards must have had the same now. The board moves them too, and may come in between.
    /// </summary>
    private async Task<StreamCut> CutAsync(DateOnly day, CancellationToken stop)
    {
        while (true)
        {
            var cut = await cuts.TakeAsync(day, stop);
            if (cut.LeastNow == cut.GreatestNow || LocalTime.DayOfSecond(cut.LeastNow) > LocalTime.DayOf(day))
            {
                return cut;
            }
        }
    }

    private Task<RecountReading> ReadAsync(UnitDayRecount recount, CodeBook codes, StreamBounds upTo, bool isMarking, CancellationToken stop) =>
        log.ReadAsync(recount, isMarking, codes, engine.Options, upTo, policy.Share, time, stop);

    private List<CheckedFigure> Compare(UnitDay place, StreamCut cut, UnitDayRecount recount)
    {
        var shown = new UnitTotals(cut.Sums.Rows, engine.Options.Codes.Units.Text, engine.Options.Directory);
        var counted = recount.Count(cut.LeastNow);
        return
        [
            .. engine.Rules.Figures.Select(figure =>
            {
                var count = shown.Of(place.Unit, figure);
                var again = counted[figure.Definition.Id];
                var isVolume = figure.Definition.IsVolume;
                return new CheckedFigure(
                    figure.Definition.Id, count.Denominator, isVolume ? null : count.Numerator, again.Denominator, isVolume ? null : again.Numerator,
                    count.Unobserved, again.Unobserved);
            }),
        ];
    }
}

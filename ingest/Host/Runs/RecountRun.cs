using KpiStream.Engine.Codecs.Decoders;
using KpiStream.Engine.Reconciliation;

namespace KpiStream.Ingest.Host.Runs;

/// <summary>One recount: sources, one after the other → decoder → a list of events → loops.</summary>
internal sealed class RecountRun(CountPlan plan, IReadOnlyList<IRecordSource> sources)
{
    public async Task<int> RunAsync(CancellationToken cancel)
    {
        if (RunOutput.IsImpossible(plan.Export, plan.Report))
        {
            return ExitCode.Unavailable;
        }

        using var meter = new RunMeter();
        var codes = new CodeBook();
        var recount = new NaiveRecount(codes, plan.Rulebook, plan.Units);
        var sink = new RecountSink(
            recount, new EventDecoder(codes, plan.PseudonymKey, DecodeLimits.Default, plan.Profiles), new RecordedEventDecoder(codes, DecodeLimits.Default));
        var exit = ExitCode.Ok;
        foreach (var source in sources)
        {
            sink.Form = source.Form;
            var end = await source.RunAsync(sink, cancel);
            exit = Math.Max(exit, SourceOpening.ExitCodeOf(end));
            if (end.Kind is SourceEndKind.Unavailable or SourceEndKind.Stopped or SourceEndKind.Foreign)
            {
                return SourceOpening.ExitCodeOf(end.Kind);
            }
        }

        meter.EndReading();
        var now = plan.AsOf ?? sink.Now ?? TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var outcome = new RunOutcome
        {
            Events = sink.Events,
            Applied = sink.Events - sink.Rejected.Values.Sum(),
            Duplicates = 0,
            Rejected = [.. sink.Rejected.OrderBy(row => row.Key).Select(row => (row.Key, row.Value))],
            Late = 0,
            Tombstones = sources.Select(static source => source.Skipped).FirstOrDefault(static count => count is not null),
            Cases = recount.Cases,
            Now = now,
            Fingerprint = FingerprintOf(recount),
        };
        var rows = Until(recount.Rows(plan.Periods, now, plan.RollUp), cancel);
        return RunOutput.Write(plan, () => meter.Report(outcome), writer => FigureCsv.Write(writer, rows)) is { } report
            ? RejectedNote.Conclude(exit, report, sources)
            : ExitCode.Unavailable;
    }

    /// <summary>The rows, until the run is stopped: counting them is most of the work.</summary>
    private static IEnumerable<FigureRow> Until(IEnumerable<FigureRow> rows, CancellationToken stop)
    {
        foreach (var row in rows)
        {
            stop.ThrowIfCancellationRequested();
            yield return row;
        }
    }

    /// <summary>The hash is a definition and so is shared; what it is taken over is the recount's own.</summary>
    public static Fingerprint FingerprintOf(NaiveRecount recount)
    {
        var fingerprint = default(Fingerprint);
        foreach (var contribution in recount.Contributions)
        {
            var place = Fingerprint.Place(contribution.Case, Fingerprint.CodeHash(contribution.Unit), contribution.Second);
            fingerprint.Add(place, Fingerprint.Weight(Fingerprint.CodeHash(contribution.Figure), contribution.Outcome));
        }

        return fingerprint;
    }

    private sealed class RecountSink(NaiveRecount recount, EventDecoder sent, RecordedEventDecoder recorded) : IRecordSink
    {
        private bool hasArrivals;

        /// <summary>What the records are that come next.</summary>
        public RecordForm Form
        {
            get;
            set
            {
                field = value;
                hasArrivals = false; // Every source says for itself what now is.
            }
        }

        public long Events { get; private set; }

        /// <summary>What the events say that now is, milliseconds; null before the first.</summary>
        public long? Now { get; private set; }

        public Dictionary<Verdict, long> Rejected { get; } = [];

        public void Accept(ReadOnlySpan<byte> record, SourcePosition position, long arrival)
        {
            var isRecorded = Form == RecordForm.Recorded;
            var verdict = isRecorded ? recorded.Decode(record, arrival, out var decoded) : sent.Decode(record, arrival, out decoded);
            Count(verdict);
            if (verdict.IsAccepted)
            {
                recount.Add(in decoded);
                hasArrivals |= isRecorded && arrival != DecodeLimits.UnknownArrival;
                var says = isRecorded && hasArrivals ? arrival : decoded.Stamp.At;
                Now = Math.Max(Now ?? says, says);
            }
        }

        public void RejectTooLarge(SourcePosition position, long arrival, long length, ReadOnlySpan<byte> sha256) =>
            Count(new Verdict(RejectReason.TooLarge));

        private void Count(Verdict verdict)
        {
            Events++;
            if (!verdict.IsAccepted)
            {
                Rejected[verdict] = Rejected.GetValueOrDefault(verdict) + 1;
            }
        }
    }
}

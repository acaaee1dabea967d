using KpiStream.Ingest.Sources.Configuration.Loads;
using KpiStream.Ingest.Sources.Generation;
using KpiStream.Ingest.Sources.Loads;

namespace KpiStream.Ingest.Host.Runs.Load;

/// <summary>
/// The records of a plan, one after another with their due moments. It may be read again, and gives the same: what was sent is not kept, and is counted from
/// the plan a second time. Owned by one flow at a time.
/// </summary>
/// <param name="now">The moment that a stream is moved to, milliseconds since 1970 UTC.</param>
internal sealed class LoadStream(LoadPlan plan, UnitDirectory directory, long now) : ILoadRecords
{
    /// <summary>What is held where partitions have to be merged, about 150 bytes each.</summary>
    public const int MostMerged = 5_000_000;

    private StreamSurvey? survey;
    private UnitRenaming? renaming;

    /// <summary>What a look over the stream told; null before <see cref="PrepareAsync"/>.</summary>
    public StreamSurvey? Survey => survey;

    /// <summary>By how much the stream is moved, milliseconds.</summary>
    public long Shift => plan.ShiftToNow && survey is { } known ? WeekShift.ToNow(known.Last + ((plan.Loop - 1) * Repetition), now) : 0;

    /// <summary>Looks over the stream. What is wrong with it, in a sentence; null when it can be sent.</summary>
    public async Task<(string Message, int ExitCode)?> PrepareAsync(CancellationToken stop)
    {
        if (plan.Generate is null && plan.Sources.FirstOrDefault(static name => name == StandardStreams.Dash) is not null)
        {
            return ("A load is read twice, and standard input cannot be: give a file.", ExitCode.Usage);
        }

        var looked = new StreamSurvey();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var end = await ReadAsync(new SurveySink(looked, plan, IsOneGlance ? enough : null), enough.Token);
        if (end.Kind is not (SourceEndKind.Finished or SourceEndKind.Damaged) && !(IsOneGlance && looked.Events > 0 && !stop.IsCancellationRequested))
        {
            return (end.Message.Length > 0 ? end.Message : "stopped.", SourceOpening.ExitCodeOf(end.Kind));
        }

        survey = looked;
        return looked switch
        {
            { Events: 0 } => ("There is nothing to send: the source has no event in the range asked for.", ExitCode.CheckFailed),
            { IsOrdered: false, Events: > MostMerged } => ($"Its {looked.Partitions} partitions hold {looked.Events:N0} events that have to be merged, and "
                + $"{MostMerged:N0} are the most: take a part with --from and --until.", ExitCode.Usage),
            _ when plan.Provinces > Renaming().Provinces => ($"{plan.Provinces} provinces are asked for, and the directory '{plan.Units}' has "
                + $"{Renaming().Provinces}: give --units vn, or fewer.", ExitCode.Usage),
            _ => null,
        };
    }

    /// <summary>Hands all records over, in order; ends early when the sink wants no more or the pace has ended.</summary>
    public async Task<SourceEnd> RunAsync(ILoadSink sink, CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var end = SourceEnd.Finished;
        using var dirt = new DirtyWriter(plan, new LoadSchedule(plan.Pace), sink, over);
        using var writer = new CopyWriter(dirt, Renaming(), plan.Provinces);
        var decoding = new DecodingSink(plan, writer);
        for (var loop = 0; loop < plan.Loop && !over.IsCancellationRequested; loop++)
        {
            (writer.Copy, writer.Shift) = (loop * plan.Provinces, Shift + (loop * Repetition));
            decoding.Restart();
            end = survey!.IsOrdered ? await ReadAsync(decoding, over.Token) : await ReadMergedAsync(decoding, over.Token);
        }

        dirt.Finish();
        return dirt.IsOver && !stop.IsCancellationRequested ? SourceEnd.Finished : end;
    }

    /// <summary>What is generated comes in order; where nothing of it is moved, its first event says all that is needed.</summary>
    private bool IsOneGlance => plan is { Generate: not null, ShiftToNow: false, Loop: 1 };

    private long Repetition => survey is { } known ? WeekShift.Repetition(known.First, known.Last) : 0;

    private UnitRenaming Renaming() =>
        renaming ??= UnitRenaming.Of(directory, survey?.FirstUnit is { } unit ? directory.ProvinceOf(unit) : null);

    private async Task<SourceEnd> ReadMergedAsync(DecodingSink sink, CancellationToken stop)
    {
        var held = new HeldRecords(sink.IsTaken);
        var end = await ReadAsync(held, stop);
        held.PassTo(sink, stop);
        return end;
    }

    private async Task<SourceEnd> ReadAsync(IFormSink sink, CancellationToken stop)
    {
        if (plan.Generate is { } generate)
        {
            sink.Form = RecordForm.Events;
            return await Task.Run(() => Generate(generate, sink, stop), CancellationToken.None);
        }

        var last = SourceEnd.Finished;
        foreach (var source in FileSources.Open(FileSources.Expand(plan.Sources), DecodeLimits.Default.MaxRecordBytes))
        {
            sink.Form = source.Form;
            var end = await source.RunAsync(sink, stop);
            if (end.Kind is not SourceEndKind.Finished)
            {
                last = end;
            }

            if (end.Kind is not (SourceEndKind.Finished or SourceEndKind.Damaged))
            {
                return end;
            }
        }

        return last;
    }

    private SourceEnd Generate(LoadGeneration asked, IFormSink sink, CancellationToken stop)
    {
        var stream = new GeneratedStream(new GenerateOptions(asked.Events, asked.Seed, directory)
        {
            Profile = asked.Profile,
            Start = asked.Start,
            CasesPerDay = asked.CasesPerDay,
        });
        while (!stop.IsCancellationRequested && stream.MoveNext())
        {
            sink.Accept(stream.Line, new SourcePosition(0, stream.Count), stream.Arrival);
        }

        return stop.IsCancellationRequested ? SourceEnd.Stopped : SourceEnd.Finished;
    }

    private sealed class SurveySink(StreamSurvey survey, LoadPlan plan, CancellationTokenSource? firstIsEnough) : IFormSink
    {
        private readonly EventReading reading = new(plan);

        public RecordForm Form { get; set; }

        public void Accept(ReadOnlySpan<byte> record, SourcePosition position, long arrival)
        {
            if (reading.TryRead(record, Form, arrival, out var read, out var time))
            {
                survey.Add(position.Partition, time, reading.Codes.Units.Text(read.Values.Receiving));
                firstIsEnough?.Cancel();
            }
        }

        public void RejectTooLarge(SourcePosition position, long arrival, long length, ReadOnlySpan<byte> sha256)
        {
            // What was never held cannot be sent.
        }
    }
}

/// <summary>A sink that is told what the records are that come next.</summary>
internal interface IFormSink : IRecordSink
{
    RecordForm Form { get; set; }
}

using KpiStream.Ingest.Sources.Files;

namespace KpiStream.Ingest.Sources.Recordings;

/// <summary>
/// Recordings as a stream of recorded events, one file after another; the last may be followed as it grows. Damaged places are passed over,
/// told and counted, and everything good is handed over. An end without a manifest is damage too, unless the file is being written. Positions are those the
/// records had when they were recorded. Memory is bounded by one block whatever the files hold. Restart: from
/// <see cref="RecordingSourceOptions.StartPositions"/>, or behind the block that was handed over last.
/// </summary>
/// <param name="inputs">What to read, in this order; at least one.</param>
public sealed class RecordingSource(IReadOnlyList<RecordingInput> inputs, RecordingSourceOptions options) : IRecordSource
{
    private long rejected;

    public string Name => inputs.Count == 1 ? inputs[0].Name : $"{inputs.Count} recordings";

    public string StateName => "recordings";

    public RecordForm Form => RecordForm.Recorded;

    (long Read, long Total) IRecordSource.Progress => (Progress.BytesRead, Progress.TotalBytes);

    /// <summary>How far reading has come; may be read from any thread at any time.</summary>
    public ReadProgress Progress { get; } = new();

    /// <summary>Records noted as rejected when they were recorded; they are not handed over.</summary>
    public long Rejected => Interlocked.Read(ref rejected);

    /// <summary>
    /// Reads everything on a thread of its own. Ends with <see cref="SourceEndKind.Damaged"/> when anything could not be read, after all that could
    /// be has been handed over, and with <see cref="SourceEndKind.Unavailable"/> when a file is missing, no recording, or of a newer format.
    /// </summary>
    public Task<SourceEnd> RunAsync(IRecordSink sink, SourceStart start, CancellationToken stop) =>
        Task.Run(() => ReadAllAsync(sink, start, stop), CancellationToken.None);

    /// <inheritdoc/>
    public Task<SourceGap?> FindGapAsync(SourcePlaces places, CancellationToken stop) => Task.FromResult(
        inputs.Index().Where(input => places.Of(input.Index) is { } left && !RecordingPass.IsThere(input.Item, left))
            .Select(input => new SourceGap(Changed(input.Item.Name), MayHoldEarlier: true)).FirstOrDefault());

    private async Task<SourceEnd> ReadAllAsync(IRecordSink sink, SourceStart start, CancellationToken stop)
    {
        var damages = options.Missing.ToList();
        var places = start.Places.Parts.ToDictionary(place => place.Part);
        for (var number = 0; number < inputs.Count; number++)
        {
            var end = await ReadFileAsync(inputs[number], number, places, start, sink, stop);
            sink.Flush();
            if (end.Kind == SourceEndKind.Damaged)
            {
                damages.Add(end.Message);
            }
            else if (end.Kind != SourceEndKind.Finished)
            {
                return end;
            }
        }

        return damages.Count == 0 ? SourceEnd.Finished : new SourceEnd(SourceEndKind.Damaged, string.Join(' ', damages));
    }

    private async Task<SourceEnd> ReadFileAsync(
        RecordingInput input, int number, Dictionary<int, SourcePlace> places, SourceStart start, IRecordSink sink, CancellationToken stop)
    {
        try
        {
            await using var file = input.Open();
            return await ReadAsync(input, file, number, places, start, sink, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return SourceEnd.Stopped;
        }
        catch (FileNotFoundException)
        {
            return new SourceEnd(SourceEndKind.Unavailable, $"{input.Name} does not exist: check the path.");
        }
        catch (UnauthorizedAccessException)
        {
            return new SourceEnd(SourceEndKind.Unavailable, $"{input.Name} may not be read by this user: give the user read permission on the file.");
        }
        catch (IOException error)
        {
            return new SourceEnd(SourceEndKind.Unavailable, $"{input.Name} could not be read on ({error.Message}): check the disk and run again.");
        }
    }

    private async Task<SourceEnd> ReadAsync(
        RecordingInput input, Stream file, int number, Dictionary<int, SourcePlace> places, SourceStart from, IRecordSink sink, CancellationToken stop)
    {
        var name = input.Name;
        var follow = options.Follow && number == inputs.Count - 1;

        // Asked before reading: a writer that ends in between has written everything by then.
        var writing = input.FindWriting();
        var start = RecordingStart.Read(file);
        while (follow && start.Kind == RecordingStartKind.Unfinished)
        {
            sink.ReportLag(0, 0);
            await Task.Delay(options.PollInterval, options.Time, stop);
            start = RecordingStart.Read(file);
        }

        if (start.Kind == RecordingStartKind.Unfinished)
        {
            return Unfinished(name, start, writing);
        }

        if (start.Obstacle(name) is { } obstacle)
        {
            return new SourceEnd(start.Kind == RecordingStartKind.Unreadable ? SourceEndKind.Damaged : SourceEndKind.Unavailable, obstacle);
        }

        Progress.Expect(Progress.TotalBytes + file.Length);
        RecordingPass pass = null!;
        pass = new RecordingPass(name, new BlockReader(file, start.Header.Id), options, sink, Progress) { Here = () => Places(places, pass.At(number)) };
        if (start.IsOneCopyDamaged)
        {
            pass.HeaderCopyDamaged();
        }

        if (!TryBegin(pass, places.GetValueOrDefault(number), file.Length, from.AcceptGap))
        {
            return new SourceEnd(SourceEndKind.Gap, Changed(name));
        }

        await PassAsync(pass, follow, () => writing == RecordingWriting.Ended ? input.FindWriting() : writing, sink, stop);
        return pass.Damage is { } damage ? new SourceEnd(SourceEndKind.Damaged, damage) : SourceEnd.Finished;
    }

    private SourceEnd Unfinished(string name, RecordingStart start, RecordingWriting writing)
    {
        var what = start.Bytes == 0 ? "is empty" : "ends inside its own header: it holds nothing";
        if (writing != RecordingWriting.Ended)
        {
            options.Report($"{name} {what} yet.");
            return SourceEnd.Finished;
        }

        return new SourceEnd(SourceEndKind.Damaged, $"{name} {what}, because it was cut{(start.Bytes == 0 ? " or never written" : "")}. Fetch the file again.");
    }

    private static bool TryBegin(RecordingPass pass, SourcePlace? left, long length, bool acceptGap)
    {
        if (left is null || !pass.TryGoTo(left, length))
        {
            pass.Begin();
            return left is null || acceptGap;
        }

        return true;
    }

    private static SourcePlaces Places(Dictionary<int, SourcePlace> places, SourcePlace place)
    {
        places[place.Part] = place;
        return new SourcePlaces([.. places.Values.OrderBy(one => one.Part)]);
    }

    private static string Changed(string name) =>
        $"{name} is another recording than the one that was read before, or has become shorter: bring the old one back, or accept what is missing with "
            + "--accept-gap.";

    private async Task PassAsync(RecordingPass pass, bool follow, Func<RecordingWriting> writing, IRecordSink sink, CancellationToken stop)
    {
        var last = Read(pass, stop);
        while (follow)
        {
            sink.Flush();
            pass.ReportCaughtUp();
            await Task.Delay(options.PollInterval, options.Time, stop);
            last = Read(pass, stop);
        }

        pass.Finish(last, writing());
    }

    private BlockRead Read(RecordingPass pass, CancellationToken stop)
    {
        var before = pass.Rejected;
        try
        {
            return pass.ReadToEnd(stop);
        }
        finally
        {
            Interlocked.Add(ref rejected, pass.Rejected - before);
        }
    }
}

using System.Buffers;
using System.IO.Pipelines;

namespace KpiStream.Ingest.Sources.Files;

/// <summary>One reading of one of the files of a <see cref="FileSource"/>. Holds a read buffer and a record. Owned by the flow that reads.</summary>
/// <param name="file">Its number.</param>
/// <param name="before">The places of the files read before; gets this one's when it has been read to its end.</param>
/// <param name="maxRecordBytes">The longest record handed over whole.</param>
/// <param name="progress">Told how far reading has come.</param>
/// <param name="sink">Gets the records.</param>
/// <param name="start">Where the files were left before.</param>
/// <param name="time">For noticing that a pipe has run dry.</param>
internal sealed class FileReading(
    FileInput input, int file, List<SourcePlace> before, int maxRecordBytes, ReadProgress progress, IRecordSink sink, SourceStart start,
        TimeProvider time) : IDisposable
{
    private const string CheckGzip = "Fetch the file again, or check it with gzip -t.";

    /// <summary>How long a pipe may keep silent before the events collected so far are passed on.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(20);

    /// <summary>What the text looks like when it does not begin like events; null when it does.</summary>
    public string? Guess { get; private set; }

    private readonly FileSplitter splitter = new(sink, file, maxRecordBytes);
    private FilePlace place = new(file);

    /// <summary>Reads the file to its end and says why it stopped.</summary>
    public async Task<SourceEnd> RunAsync(CancellationToken stop)
    {
        try
        {
            if (start.Places.Of(file) is not { Bytes: > 0 } left)
            {
                return await ReadFromStartAsync(stop);
            }

            using var stream = new InputStream(input.Open(), progress);
            var isGzip = await stream.BeginsLikeGzipAsync(stop).AsTask().WaitAsync(stop);
            var content = isGzip ? GzipText.Of(stream) : stream;
            return await place.FindChangeAsync(content, isGzip || stream.IsLive ? null : stream.SkipTo, left, stop) is not { } change
                ? await ReadOnAsync(stream, content, isGzip, left, stop)
                : start.AcceptGap ? await ReadAnewAsync(change, stop) : new SourceEnd(SourceEndKind.Gap, Changed(change));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return SourceEnd.Stopped;
        }
        catch (InvalidDataException)
        {
            return new SourceEnd(
                SourceEndKind.Damaged,
                $"{input.Name}: the gzip data is damaged or cut off in {splitter.Unit} {splitter.Records + 1}; the {splitter.Unit}s before it were read. "
                    + $"{CheckGzip}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new SourceEnd(SourceEndKind.Unavailable, Unreadable(error));
        }
    }

    public void Dispose() => splitter.Dispose();

    private async Task<SourceEnd> ReadFromStartAsync(CancellationToken stop)
    {
        using var stream = new InputStream(input.Open(), progress);
        var isGzip = await stream.BeginsLikeGzipAsync(stop).AsTask().WaitAsync(stop);
        return stream.Foreign is { } foreign ? new SourceEnd(SourceEndKind.Foreign, foreign.Say(input.Name))
            : await ReadStreamAsync(stream, isGzip ? GzipText.Of(stream) : stream, isGzip, stop);
    }

    private async Task<SourceEnd> ReadOnAsync(InputStream stream, Stream content, bool isGzip, SourcePlace left, CancellationToken stop)
    {
        if (FilePlace.IsOpen(left))
        {
            before.Add(left);
            return PackedSplitter.Recognises(place.First)
                ? new SourceEnd(SourceEndKind.Damaged, $"{input.Name}: its last value is cut off or claims more than there is, as was said when it was read.")
                : SourceEnd.Finished;
        }

        splitter.GoOn(place.First, left.Next, left.Bytes);
        return await ReadStreamAsync(stream, content, isGzip, stop);
    }

    private Task<SourceEnd> ReadAnewAsync(string change, CancellationToken stop)
    {
        start.Say(Changed(change));
        place = new FilePlace(file);
        return ReadFromStartAsync(stop);
    }

    private string Changed(string change) => FileGap.Say(input.Name, change);

    private string Unreadable(Exception error) => error is UnauthorizedAccessException
        ? $"{input.Name} may not be read by this user: give the user read permission on the file."
        : $"{input.Name} could not be read on at {splitter.Unit} {splitter.Records + 1} ({error.Message}): check the disk or the pipe and run again.";

    private async Task<SourceEnd> ReadStreamAsync(InputStream stream, Stream content, bool isGzip, CancellationToken stop)
    {
        await using var ahead = isGzip && !stream.IsLive ? new ReadAhead(content) : null;
        var reader = ahead?.Reader ?? PipeReader.Create(
            content, new StreamPipeReaderOptions(bufferSize: ReadAhead.BufferBytes, minimumReadSize: ReadAhead.BufferBytes / 8));
        if (place.Bytes == 0 && await FindForeignAsync(reader, stream.IsLive, stop) is { } foreign)
        {
            return new SourceEnd(SourceEndKind.Foreign, isGzip ? foreign.SayPacked(input.Name) : foreign.Say(input.Name));
        }

        Func<SourcePlaces> here = Places;
        for (var ended = false; !ended && !splitter.IsLost;)
        {
            var read = await NextAsync(reader, stop);
            ended = read.IsCompleted && ahead is not { IsBroken: true };
            if (place.Bytes == 0)
            {
                // Of a pipe the first line may come in pieces: looked at again until it is taken.
                Guess = TextForm.Guess(read.Buffer.Slice(0, Math.Min(read.Buffer.Length, TextForm.MostLookedAt)).ToArray());
            }

            var next = splitter.Take(read.Buffer, ended);
            place.Take(read.Buffer.Slice(0, next));
            reader.AdvanceTo(next, read.Buffer.End);
            if (!splitter.IsInside && !splitter.IsLost && splitter.Records > 0)
            {
                sink.Pass(here);
            }

            if (read.IsCompleted)
            {
                ahead?.ThrowIfBroken();
            }
        }

        await reader.CompleteAsync();
        if (splitter.Damage is { } damage)
        {
            return new SourceEnd(SourceEndKind.Damaged,
                $"{input.Name}: {damage}{(isGzip ? " (bytes counted as unpacked)" : "")}. Fetch the file again, or have it written again.");
        }

        return isGzip && GzipText.HasTrailingBytes(stream)
            ? new SourceEnd(
                SourceEndKind.Damaged,
                $"{input.Name}: after {splitter.Unit} {splitter.Records} the gzip data ends, but bytes follow that are no gzip; {splitter.Unit}s may be "
                    + $"missing. {CheckGzip}")
            : End();
    }

    /// <summary>Looks at the first bytes without taking them; those of a pipe as far as they are there.</summary>
    private async Task<ForeignForm?> FindForeignAsync(PipeReader reader, bool isLive, CancellationToken stop)
    {
        var read = isLive ? await NextAsync(reader, stop) : await reader.ReadAtLeastAsync(ForeignForm.MostLookedAt, stop);
        var head = HeadOf(read);
        while (isLive && !read.IsCompleted && head.Length < ForeignForm.MostLookedAt && !ForeignForm.BeginsLikeEvents(head))
        {
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            read = await NextAsync(reader, stop);
            head = HeadOf(read);
        }

        reader.AdvanceTo(read.Buffer.Start);
        return ForeignForm.Within(head);
    }

    private static byte[] HeadOf(ReadResult read) => read.Buffer.Slice(0, Math.Min(read.Buffer.Length, ForeignForm.MostLookedAt)).ToArray();

    // Files behind this one may have been read before too, and have not been looked at yet.
    private SourcePlaces Places() =>
        new([.. before.Where(other => other.Part != file), place.At(splitter), .. start.Places.Parts.Where(other => other.Part > file)]);

    private SourceEnd End()
    {
        before.Add(place.At(splitter));
        return SourceEnd.Finished;
    }

    /// <summary>
    /// The next buffer. When none comes for a while, what has been collected is passed on. A read that blocks on a silent pipe is
    /// abandoned on stop, for nothing can interrupt it.
    /// </summary>
    private async ValueTask<ReadResult> NextAsync(PipeReader reader, CancellationToken stop)
    {
        var pending = reader.ReadAsync(stop);
        if (pending.IsCompleted)
        {
            return await pending;
        }

        var read = pending.AsTask();
        if (await Task.WhenAny(read, Task.Delay(Patience, time, stop)) != read)
        {
            sink.Flush();
        }

        return await read.WaitAsync(stop);
    }
}

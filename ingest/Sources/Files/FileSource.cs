using System.IO.Pipelines;
using KpiStream.Engine.Codecs;
using KpiStream.Engine.Pipeline;

namespace KpiStream.Ingest.Sources.Files;

/// <summary>
/// Files of one JSON record a line or of MessagePack values one behind another, read one file after the other, and standard input; the form, and
/// gzip around it, is known by the first bytes, not by the name.
/// A record's position is (number of the file from 0, number of the line or value from 1). Such records have no arrival time.
/// Memory is bounded: one read buffer and one line. Restart: from the first file's start.
/// </summary>
/// <param name="inputs">What to read, in this order; at least one.</param>
/// <param name="maxRecordBytes">The longest line handed over whole, line feed not counted.</param>
/// <param name="time">For noticing that a pipe has run dry.</param>
public sealed class FileSource(IReadOnlyList<FileInput> inputs, int maxRecordBytes, TimeProvider time) : IRecordSource
{
    /// <summary>Large enough that lines over a border between buffers are rare, small enough to stay in a core's cache.</summary>
    private const int BufferBytes = 256 * 1024;

    private const string CheckGzip = "Fetch the file again, or check it with gzip -t.";

    /// <summary>How long a pipe may keep silent before the events collected so far are passed on.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(20);

    public FileSource(IReadOnlyList<FileInput> inputs)
        : this(inputs, DecodeLimits.Default.MaxRecordBytes, TimeProvider.System)
    {
    }

    public string Name => inputs.Count == 1 ? inputs[0].Name : $"{inputs.Count} files";

    /// <summary>How far reading has come; may be read from any thread at any time.</summary>
    public ReadProgress Progress { get; } = new();

    /// <summary>Reads everything on a thread of its own, because files are read, and a full engine is waited for, on the spot.</summary>
    public Task<SourceEnd> RunAsync(IRecordSink sink, CancellationToken stop) => Task.Run(() => ReadAllAsync(sink, stop), CancellationToken.None);

    private async Task<SourceEnd> ReadAllAsync(IRecordSink sink, CancellationToken stop)
    {
        // A file named wrongly is said at once and not after an hour of reading the one before it.
        foreach (var input in inputs)
        {
            if (input.FindObstacle() is { } obstacle)
            {
                return new SourceEnd(SourceEndKind.Unavailable, obstacle);
            }
        }

        Progress.Expect(inputs.Sum(input => input.FindLength() ?? 0));
        var end = SourceEnd.Finished;
        for (var file = 0; file < inputs.Count && end.Kind == SourceEndKind.Finished; file++)
        {
            end = await ReadFileAsync(inputs[file], file, sink, stop);
        }

        sink.Flush();
        return end;
    }

    private async Task<SourceEnd> ReadFileAsync(FileInput input, int file, IRecordSink sink, CancellationToken stop)
    {
        using var splitter = new FileSplitter(sink, file, maxRecordBytes);
        try
        {
            using var stream = new InputStream(input.Open(), Progress);
            return await ReadStreamAsync(input, stream, splitter, sink, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return SourceEnd.Stopped;
        }
        catch (InvalidDataException)
        {
            return new SourceEnd(
                SourceEndKind.Damaged,
                $"{input.Name}: the gzip data is damaged or cut off in {splitter.Unit} {splitter.Records + 1}; the {splitter.Unit}s before it were read. {CheckGzip}");
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            return new SourceEnd(SourceEndKind.Unavailable, Unreadable(input, splitter, trouble));
        }
    }

    private static string Unreadable(FileInput input, FileSplitter splitter, Exception trouble) => trouble is UnauthorizedAccessException
        ? $"{input.Name} may not be read by this user: give the user read permission on the file."
        : $"{input.Name} could not be read on at {splitter.Unit} {splitter.Records + 1} ({trouble.Message}): check the disk or the pipe and run again.";

    private async Task<SourceEnd> ReadStreamAsync(FileInput input, InputStream stream, FileSplitter splitter, IRecordSink sink, CancellationToken stop)
    {
        var isGzip = await stream.BeginsLikeGzipAsync(stop).AsTask().WaitAsync(stop);
        var reader = PipeReader.Create(
            isGzip ? GzipText.Of(stream) : stream, new StreamPipeReaderOptions(bufferSize: BufferBytes, minimumReadSize: BufferBytes / 8));
        for (var ended = false; !ended && !splitter.IsLost;)
        {
            var read = await NextAsync(reader, sink, stop);
            ended = read.IsCompleted;
            var next = splitter.Take(read.Buffer, ended);
            reader.AdvanceTo(next, read.Buffer.End);
        }

        await reader.CompleteAsync();
        if (splitter.IsLost)
        {
            return new SourceEnd(
                SourceEndKind.Damaged,
                $"{input.Name}: value {splitter.Records} holds a byte that MessagePack never uses, so where the next value begins cannot be known; what follows was not read. Fetch the file again.");
        }

        return isGzip && GzipText.HasTrailingBytes(stream)
            ? new SourceEnd(
                SourceEndKind.Damaged,
                $"{input.Name}: after {splitter.Unit} {splitter.Records} the gzip data ends, but bytes follow that are no gzip; {splitter.Unit}s may be missing. {CheckGzip}")
            : SourceEnd.Finished;
    }

    /// <summary>
    /// The next buffer. When none comes for a while, what has been collected is passed on. A read that hangs on a silent pipe is
    /// abandoned on stop, for nothing can interrupt it.
    /// </summary>
    private async ValueTask<ReadResult> NextAsync(PipeReader reader, IRecordSink sink, CancellationToken stop)
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

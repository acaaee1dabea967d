using System.Buffers;

namespace KpiStream.Ingest.Host.Output.DeadLetters;

/// <summary>
/// Dead letters as one JSON object a line, the newest of them within a size (<see cref="RollingFile"/>). A file that cannot be written
/// loses letters, not figures: they are counted as dropped and that is said once. Owned by one thread; as a sink it waits for the disk.
/// </summary>
internal sealed class DeadLetterFile : IDeadLetterSink, IDeadLetterTarget
{
    /// <summary>Letters are collected in memory up to about this many bytes, then written at once.</summary>
    private const int BufferBytes = 1 << 16;

    /// <summary>What every letter begins with (<see cref="LetterText"/>).</summary>
    private static readonly byte[] Beginning = [.. "{\"reason\":\""u8];

    private readonly RollingFile file;
    private readonly TimeProvider time;
    private readonly LossReport report;
    private readonly LetterText text = new();
    private readonly ArrayBufferWriter<byte> lines = new(BufferBytes + 1024);
    private long pending;

    /// <param name="file">Disposed of with this.</param>
    /// <param name="time">When letters that come through <see cref="Put"/> are noted.</param>
    /// <param name="say">Told of an error.</param>
    /// <param name="setting">What names the file, for advice.</param>
    public DeadLetterFile(RollingFile file, TimeProvider time, Action<string> say, string setting)
    {
        this.file = file;
        this.time = time;
        report = new LossReport(say, file.Path, $"Make {file.Path} writable, free space, or choose another file with {setting}.");
    }

    /// <summary>The file that letters are kept in.</summary>
    /// <param name="maxBytes">The bound of both generations together.</param>
    public static RollingFile FileAt(string path, long maxBytes, TimeProvider time) => new(path, maxBytes, time, Beginning);

    public DeadLetterCounts Counts { get; } = new("file");

    public bool IsUnsettled => false;

    public void Put(in DeadLetter letter) => Add(new NotedLetter(in letter, time.GetUtcNow().ToUnixTimeMilliseconds()));

    public void Add(in NotedLetter letter)
    {
        text.Append(in letter, lines);
        lines.Write("\n"u8);
        pending++;
        if (lines.WrittenCount >= BufferBytes)
        {
            Flush();
        }
    }

    public void Flush()
    {
        if (pending == 0)
        {
            return;
        }

        if (file.TryWrite(lines.WrittenSpan))
        {
            Counts.Write(pending);
            report.Keep();
        }
        else
        {
            Counts.Drop(pending);
            report.Lose(pending, file.Error);
        }

        pending = 0;
        lines.ResetWrittenCount();
    }

    public void Complete() => Flush();

    /// <summary>
    /// Completes the letters of a run: of one that had none too, since an empty file says so, and of one that came to nothing only those there are.
    /// </summary>
    public void Complete(bool hasResult)
    {
        Flush();
        if (hasResult)
        {
            file.Begin();
        }
        else
        {
            file.Abandon();
        }
    }

    public void Dispose()
    {
        text.Dispose();
        file.Dispose();
    }
}

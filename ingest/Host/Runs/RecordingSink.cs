using System.Security.Cryptography;

namespace KpiStream.Ingest.Host.Runs;

/// <summary>
/// A source's way into a recording: decodes, appends what is accepted, notes what is rejected, and commits at least once a second. Owned by the
/// source's flow; the counts may be read by anyone. When the file cannot be written on, that is kept as the error and the source is stopped.
/// </summary>
/// <param name="source">The source's name in dead letters.</param>
internal sealed class RecordingSink(
    string source, RecordingWriter writer, IEventDecoder decoder, IDeadLetterSink? deadLetters, TimeProvider time,
        CancellationTokenSource stopSource) : IRecordSink
{
    /// <summary>A commit is due after this many bytes: 4 MiB is about 40,000 events, which a disk takes in a few hundredths of a second.</summary>
    private const long CommitBytes = 4 << 20;

    /// <summary>The clock is asked once for this many records: a busy source brings them in a moment, an idle one flushes.</summary>
    private const int RecordsPerLook = 64;

    private static readonly TimeSpan CommitInterval = TimeSpan.FromSeconds(1);

    private readonly HashSet<int> ended = [];
    private long committedAt = time.GetTimestamp();
    private long accepted;
    private long rejected;
    private int sinceLook;

    /// <summary>Nothing that arrived after it is recorded: a partition ends at its first such record. Milliseconds; the greatest number for no end.</summary>
    public long Until { get; init; } = long.MaxValue;

    public long Accepted => Interlocked.Read(ref accepted);

    public long Rejected => Interlocked.Read(ref rejected);

    /// <summary>Why the recording could not be written on; empty when it could.</summary>
    public string Error { get; private set; } = "";

    public void Accept(ReadOnlySpan<byte> record, SourcePosition position, long arrival)
    {
        if (IsOver(position, arrival))
        {
            return;
        }

        var verdict = decoder.Decode(record, arrival, out var decoded);
        if (!verdict.IsAccepted)
        {
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(record, hash);
            Reject(verdict, position, arrival, record.Length, hash);
            return;
        }

        try
        {
            writer.Append(in decoded, position, arrival);
            Interlocked.Increment(ref accepted);
            Look();
        }
        catch (IOException problem)
        {
            Fail(problem);
        }
    }

    public void RejectTooLarge(SourcePosition position, long arrival, long length, ReadOnlySpan<byte> sha256)
    {
        if (!IsOver(position, arrival))
        {
            Reject(new Verdict(RejectReason.TooLarge), position, arrival, length, sha256);
        }
    }

    public void Flush()
    {
        try
        {
            CommitWhenDue();
        }
        catch (IOException problem)
        {
            Fail(problem);
        }
    }

    /// <summary>
    /// A record behind the end is left out with all that follow it in its partition, so that what is recorded has no gaps to be resumed over.
    /// </summary>
    private bool IsOver(SourcePosition position, long arrival)
    {
        if (arrival > Until)
        {
            ended.Add(position.Partition);
        }

        return Error.Length > 0 || (ended.Count > 0 && ended.Contains(position.Partition));
    }

    private void Reject(Verdict verdict, SourcePosition position, long arrival, long length, ReadOnlySpan<byte> sha256)
    {
        deadLetters?.Put(new DeadLetter { Source = source, Verdict = verdict, Position = position, Arrival = arrival, Length = length, Sha256 = sha256 });
        Interlocked.Increment(ref rejected);
        try
        {
            writer.AppendRejected(verdict, position, arrival);
            Look();
        }
        catch (IOException problem)
        {
            Fail(problem);
        }
    }

    private void Look()
    {
        if (++sinceLook >= RecordsPerLook)
        {
            CommitWhenDue();
        }
    }

    private void CommitWhenDue()
    {
        sinceLook = 0;
        if (writer.UncommittedBytes >= CommitBytes || (writer.UncommittedBytes > 0 && time.GetElapsedTime(committedAt) >= CommitInterval))
        {
            writer.Commit();
            if (writer.Loss is { } loss)
            {
                throw new IOException($"The recording's file {loss} while it was being written; what was recorded is lost with it. Record again.");
            }

            committedAt = time.GetTimestamp();
        }
    }

    private void Fail(IOException problem)
    {
        Error = problem.Message;
        stopSource.Cancel();
    }
}

using System.Buffers;
using System.Runtime.InteropServices;
using MessagePack;

namespace KpiStream.Ingest.Sources.Recordings;

/// <summary>
/// Appends accepted events to a recording, in blocks. What <see cref="Commit"/> returned after is on disk and stays; what came later is cut off
/// or kept, whole blocks at a time, when the file is opened again. Owned by one flow; holds one block and the summary. Restart: <see cref="RecordingOpening"/>.
/// Any call may throw <see cref="IOException"/> (a full disk): then nothing more is promised, and the writer is only to be disposed of.
/// </summary>
public sealed class RecordingWriter : IDisposable
{
    /// <summary>The longest entry without its event: array, arrival, partition, offset, length.</summary>
    private const int EntryHeadBytes = 5 * MessagePackForm.LongestHead;

    private readonly IRecordingFile file;
    private readonly UInt128 id;
    private readonly RecordingOptions options;
    private readonly RecordedEventWriter events;
    private readonly RecordingSummary summary;
    private readonly byte[] block;
    private readonly ArrayBufferWriter<byte> head = new(EntryHeadBytes);
    private readonly Dictionary<int, long> sources = [];
    private int used;
    private int pending;
    private ArrivalRange pendingArrivals = ArrivalRange.None;
    private long end;
    private long durable;
    private long number;
    private long indexAt;
    private bool isClosed;

    internal RecordingWriter(IRecordingFile file, UInt128 id, RecordingOptions options, RecordingTail tail)
    {
        (this.file, this.id, this.options) = (file, id, options);
        events = new RecordedEventWriter(options.Codes);
        block = new byte[RecordingFormat.BlockHeaderBytes + Math.Max(options.BlockBytes, EntryHeadBytes + RecordedEventWriter.LongestBytes)];
        summary = tail.Summary;
        (end, number, indexAt, isClosed) = (tail.End, tail.NextNumber, tail.IndexAt, tail.IsClosed);
        durable = end;
    }

    /// <summary>The last offset recorded by partition, accepted or rejected: a source continues behind it.</summary>
    public IReadOnlyDictionary<int, long> LastOffsets => summary.Positions;

    /// <summary>Records in the file, events and rejected ones, those not yet written included.</summary>
    public long Records => summary.Records + pending;

    /// <summary>Rejected records by reason, over the whole file.</summary>
    public IReadOnlyDictionary<string, long> Rejected => summary.Rejected;

    /// <summary>The file's length with what is not yet written.</summary>
    public long Bytes => end + used;

    /// <summary>Bytes appended since the last commit.</summary>
    public long UncommittedBytes => Bytes - durable;

    /// <summary>What became of the file, so that what is written into it would be lost although the disk takes it; null for nothing.</summary>
    public string? Loss => !file.IsAtItsName ? "was deleted, moved or replaced" : file.Length < end ? "was cut short" : null;

    /// <summary>Appends an accepted event.</summary>
    /// <param name="recorded">The event; its codes are of the code book given at the opening.</param>
    /// <param name="position">Where it came from. The greatest offset of a partition is the last appended.</param>
    /// <param name="arrival">Milliseconds since 1970 UTC, or <see cref="DecodeLimits.UnknownArrival"/>.</param>
    public void Append(in CaseEvent recorded, SourcePosition position, long arrival)
    {
        var content = events.Write(in recorded);
        var writer = BeginEntry(5, position, arrival);
        writer.Write(content.Length);
        writer.Flush();
        CountSource(recorded.Values.Source);
        Take(content, position, arrival);
    }

    /// <summary>Notes that the record at a position was rejected, so that it is neither read nor counted again.</summary>
    public void AppendRejected(Verdict verdict, SourcePosition position, long arrival)
    {
        var reason = verdict.ToString();
        var text = System.Text.Encoding.UTF8.GetBytes(reason);
        var writer = BeginEntry(4, position, arrival);
        writer.WriteStringHeader(text.Length);
        writer.Flush();
        summary.CountRejected(reason);
        Take(text, position, arrival);
    }

    /// <summary>Writes what is pending and returns when all of it is on disk.</summary>
    public void Commit()
    {
        WriteEvents();
        if (durable < end)
        {
            Sync();
        }
    }

    /// <summary>Ends the recording in order: commits and leaves a manifest. It can be opened and gone on with all the same.</summary>
    public void Close()
    {
        WriteEvents();
        if (!isClosed)
        {
            WriteIndex(BlockType.Manifest);
            Sync();
        }

        isClosed = true;
    }

    /// <summary>Lets go of the file as it is. What was not committed may be lost.</summary>
    public void Dispose() => file.Dispose();

    /// <summary>Writes the fields that all entries begin with into the room for heads; the last one is the caller's.</summary>
    private MessagePackWriter BeginEntry(int fields, SourcePosition position, long arrival)
    {
        head.ResetWrittenCount();
        var writer = new MessagePackWriter(head);
        writer.WriteArrayHeader(fields);
        if (arrival == DecodeLimits.UnknownArrival)
        {
            writer.WriteNil();
        }
        else
        {
            writer.Write(arrival);
        }

        writer.Write(position.Partition);
        writer.Write(position.Offset);
        return writer;
    }

    private Span<byte> Room(int bytes)
    {
        if (RecordingFormat.BlockHeaderBytes + used + bytes > block.Length)
        {
            WriteEvents();
        }

        return block.AsSpan(RecordingFormat.BlockHeaderBytes + used);
    }

    private void Take(ReadOnlySpan<byte> content, SourcePosition position, long arrival)
    {
        var room = Room(EntryHeadBytes + content.Length);
        head.WrittenSpan.CopyTo(room);
        content.CopyTo(room[head.WrittenCount..]);
        used += head.WrittenCount + content.Length;
        pending++;
        pendingArrivals = pendingArrivals.With(arrival);
        summary.Positions[position.Partition] = position.Offset;
    }

    /// <summary>By id, and by name only when an index asks: no text is made per event.</summary>
    private void CountSource(int source)
    {
        CollectionsMarshal.GetValueRefOrAddDefault(sources, source, out _)++;
        if (sources.Count > RecordingSummary.MostSources)
        {
            NameSources();
        }
    }

    private void NameSources()
    {
        foreach (var (source, count) in sources)
        {
            summary.CountSource(options.Codes.Sources.Text(source), count);
        }

        sources.Clear();
    }

    private void WriteEvents()
    {
        if (pending == 0)
        {
            return;
        }

        Write(BlockType.Events, block, used, pending, pendingArrivals);
        summary.Records += pending;
        summary.Section = summary.Section.With(pendingArrivals);
        summary.Arrivals = summary.Arrivals.With(pendingArrivals);
        (used, pending, pendingArrivals) = (0, 0, ArrivalRange.None);
        isClosed = false;
        if (end - summary.SectionFrom >= options.SectionBytes)
        {
            WriteIndex(BlockType.Index);
        }
    }

    private void WriteIndex(BlockType type)
    {
        // What an index speaks of must be there: opening the file begins at the index and does not look before it.
        Sync();
        NameSources();
        var payload = summary.ToPayload();
        byte[] whole = [.. new byte[RecordingFormat.BlockHeaderBytes], .. payload];
        var start = end;
        Write(type, whole, payload.Length, 0, ArrivalRange.None);
        indexAt = start;
        summary.SectionFrom = end;
        summary.Section = ArrivalRange.None;
    }

    private void Write(BlockType type, byte[] whole, int payloadBytes, int records, ArrivalRange arrivals)
    {
        var header = new BlockHeader
        {
            Type = type,
            PayloadBytes = payloadBytes,
            Records = records,
            PayloadChecksum = RecordingFormat.Checksum(whole.AsSpan(RecordingFormat.BlockHeaderBytes, payloadBytes)),
            Number = number,
            LeastArrival = arrivals.Least,
            GreatestArrival = arrivals.Greatest,
            Durable = durable,
            IndexAt = indexAt,
            FirstRecord = summary.Records,
        };
        if (Loss is { } loss)
        {
            // Written at its place in a file cut short it would leave zeros before it.
            throw new IOException($"the file {loss} while it was being written.");
        }

        header.Write(id, whole);
        file.Write(whole.AsSpan(0, header.BlockBytes), end);
        summary.Link(whole.AsSpan(0, RecordingFormat.BlockHeaderBytes));
        end += header.BlockBytes;
        number++;
    }

    private void Sync()
    {
        file.Sync();
        durable = end;
    }
}

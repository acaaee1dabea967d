using System.Buffers;

namespace KpiStream.Ingest.Sources.Files;

/// <summary>
/// Cuts MessagePack values written one behind another into records (one value is one record). A value over the limit is hashed as
/// it passes; one cut off at the end is handed over as it is, to be counted as malformed. Nothing but the values' own heads says where they end, so a head that
/// cannot be right is kept as <see cref="Damage"/>. Holds at most one value, of at most the limit.
/// </summary>
/// <param name="sink">Gets the values.</param>
/// <param name="file">The number of the file.</param>
/// <param name="limit">The longest value handed over whole.</param>
/// <param name="before">Values before the first byte that is taken.</param>
/// <param name="offset">Bytes before the first byte that is taken.</param>
internal sealed class PackedSplitter(IRecordSink sink, int file, int limit, long before = 0, long offset = 0) : IRecordSplitter
{
    private readonly OversizeRecord oversize = new();
    private MessagePackSkimmer skimmer;
    private byte[] joined = [];
    private long start = offset; // where the value at the front begins
    private long passed; // how much of the oversize value at the front has been let go
    private long seen; // how much of the unfinished value at the front the skimmer has passed over
    private bool inOversize;

    public long Records { get; private set; } = before;

    public bool IsInside => inOversize;

    public bool HasOpenEnd { get; private set; }

    public bool IsLost { get; private set; }

    public string? Damage { get; private set; }

    /// <summary>True for the first byte of a map or an array, which no line of JSON begins with.</summary>
    public static bool Recognises(byte first) => MessagePackForm.Begins(first);

    public SequencePosition Take(ReadOnlySequence<byte> buffer, bool final)
    {
        while (!IsLost && TryTakeSome(ref buffer))
        {
        }

        if (IsLost)
        {
            return buffer.End;
        }

        if (inOversize || buffer.Length > limit)
        {
            inOversize = true;
            oversize.Append(buffer.Slice(0, seen));
            buffer = buffer.Slice(seen);
            passed += seen;
            seen = 0;
        }

        if (final && (inOversize || !buffer.IsEmpty))
        {
            HasOpenEnd = true;
            Note("is cut off or claims more than there is, and may hold others that were not read");
            EndRecord(buffer);
            return buffer.End;
        }

        return buffer.Start;
    }

    public void Dispose() => oversize.Dispose();

    /// <summary>Takes the good values inside the first segment, and then one of any kind; false when the bytes end before it does.</summary>
    private bool TryTakeSome(ref ReadOnlySequence<byte> buffer)
    {
        if (seen == 0 && !inOversize)
        {
            buffer = buffer.Slice(TakeGoodValues(buffer.FirstSpan));
        }

        var reader = new SequenceReader<byte>(buffer);
        reader.Advance(seen);
        if (reader.End)
        {
            return false;
        }

        var found = skimmer.Skim(ref reader);
        seen = reader.Consumed;
        if (found == SkimResult.NeedMore)
        {
            return false;
        }

        if (found == SkimResult.Lost)
        {
            IsLost = true;
            Note("holds a byte that MessagePack never uses, so where the next value begins cannot be known; what follows was not read");
        }

        EndRecord(buffer.Slice(0, IsLost ? Math.Min(seen + 1, buffer.Length) : seen));
        buffer = buffer.Slice(seen);
        start += seen + passed;
        (seen, passed) = (0, 0);
        return true;
    }

    private int TakeGoodValues(ReadOnlySpan<byte> span)
    {
        var taken = 0;
        while (MessagePackForm.TryMeasure(span.Slice(taken, Math.Min(limit, span.Length - taken)), out var length))
        {
            Records++;
            sink.Accept(span.Slice(taken, length), new SourcePosition(file, Records), DecodeLimits.UnknownArrival);
            taken += length;
        }

        start += taken;
        return taken;
    }

    private void EndRecord(in ReadOnlySequence<byte> record)
    {
        Records++;
        var position = new SourcePosition(file, Records);
        if (inOversize || record.Length > limit)
        {
            oversize.Append(record);
            oversize.End(out var length, out var sha256);
            sink.RejectTooLarge(position, DecodeLimits.UnknownArrival, length, sha256);
            inOversize = false;
            return;
        }

        var value = record.IsSingleSegment ? record.FirstSpan : Join(record);
        if (Damage is null && MessagePackForm.MayHideRecords(value))
        {
            Note("cannot be an event, and where its bytes are damaged it may have swallowed others", Records);
        }

        sink.Accept(value, position, DecodeLimits.UnknownArrival);
    }

    private ReadOnlySpan<byte> Join(in ReadOnlySequence<byte> record)
    {
        joined = joined.Length == 0 ? new byte[limit] : joined;
        record.CopyTo(joined);
        return joined.AsSpan(0, (int)record.Length);
    }

    /// <summary>Keeps the first place: what comes behind it may be its consequence.</summary>
    private void Note(string what, long? number = null) =>
        Damage ??= $"value {number ?? (Records + 1)}, at byte {start}, {what}";
}

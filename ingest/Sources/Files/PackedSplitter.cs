using System.Buffers;
using KpiStream.Engine.Codecs;
using KpiStream.Engine.Events;
using KpiStream.Engine.Pipeline;

namespace KpiStream.Ingest.Sources.Files;

/// <summary>
/// Cuts MessagePack values written one behind another into records (spec section 2 gives every record one value). A value over the limit is hashed as
/// it passes; one cut off at the end is handed over as it is, to be counted as malformed. Holds at most one value, of at most the limit.
/// </summary>
/// <param name="sink">Gets the values.</param>
/// <param name="file">The number of the file.</param>
/// <param name="limit">The longest value handed over whole.</param>
/// <param name="before">Values before the first byte that is taken.</param>
internal sealed class PackedSplitter(IRecordSink sink, int file, int limit, long before = 0) : IRecordSplitter
{
    private readonly OversizeRecord oversize = new();
    private MessagePackSkimmer skimmer;
    private byte[] joined = [];
    private long seen; // how much of the unfinished value at the front the skimmer has passed over
    private bool inOversize;

    public long Records { get; private set; } = before;

    public bool IsInside => inOversize;

    public bool HasOpenEnd { get; private set; }

    public bool IsLost { get; private set; }

    /// <summary>True for the first byte of a map or an array, which no line of JSON begins with.</summary>
    public static bool Recognises(byte first) => MessagePackForm.Begins(first);

    public SequencePosition Take(ReadOnlySequence<byte> buffer, bool final)
    {
        while (!IsLost && TryTakeOne(ref buffer))
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
            seen = 0;
        }

        if (final && (inOversize || !buffer.IsEmpty))
        {
            HasOpenEnd = true;
            EndRecord(buffer);
            return buffer.End;
        }

        return buffer.Start;
    }

    public void Dispose() => oversize.Dispose();

    private bool TryTakeOne(ref ReadOnlySequence<byte> buffer)
    {
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

        IsLost = found == SkimResult.Lost;
        EndRecord(buffer.Slice(0, IsLost ? Math.Min(seen + 1, buffer.Length) : seen));
        buffer = buffer.Slice(seen);
        seen = 0;
        return true;
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
        }
        else if (record.IsSingleSegment)
        {
            sink.Accept(record.FirstSpan, position, DecodeLimits.UnknownArrival);
        }
        else
        {
            joined = joined.Length == 0 ? new byte[limit] : joined;
            record.CopyTo(joined);
            sink.Accept(joined.AsSpan(0, (int)record.Length), position, DecodeLimits.UnknownArrival);
        }
    }
}

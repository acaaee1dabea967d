using System.Buffers;

namespace KpiStream.Ingest.Sources.Files;

/// <summary>
/// Cuts the text of one file into lines: LF ends a line, a CR stays as the white space it is, blank lines are
/// numbered but not handed over, a byte-order mark is skipped at the start, a line over the limit is hashed as it passes.
/// Holds at most one line over a segment border, of at most the limit. Owned by the flow that reads the file.
/// </summary>
/// <param name="sink">Gets the lines.</param>
/// <param name="file">The number of the file.</param>
/// <param name="limit">The longest line handed over whole.</param>
/// <param name="before">Lines before the first byte that is taken; with some, no byte-order mark is looked for.</param>
internal sealed class LineSplitter(IRecordSink sink, int file, int limit, long before = 0) : IRecordSplitter
{
    private const byte LineFeed = (byte)'\n';

    private readonly OversizeRecord oversize = new();
    private byte[] joined = [];
    private bool markSettled = before > 0;
    private bool inOversize;
    private long scanned; // how much of the unfinished line at the front is known to hold no line feed

    private static ReadOnlySpan<byte> Mark => [0xEF, 0xBB, 0xBF];

    public long Records { get; private set; } = before;

    public bool IsInside => inOversize;

    public bool HasOpenEnd { get; private set; }

    /// <summary>Never: a line feed always begins a new line.</summary>
    public bool IsLost => false;

    /// <inheritdoc cref="IsLost"/>
    public string? Damage => null;

    public SequencePosition Take(ReadOnlySequence<byte> buffer, bool final)
    {
        if (!TrySettleMark(ref buffer, final))
        {
            return buffer.Start;
        }

        while (TryTakeLines(ref buffer))
        {
        }

        if (inOversize || buffer.Length > limit)
        {
            inOversize = true;
            oversize.Append(buffer);
            buffer = buffer.Slice(buffer.End);
        }

        scanned = buffer.Length;
        if (final && (inOversize || !buffer.IsEmpty))
        {
            HasOpenEnd = true;
            EndLine(buffer);
            return buffer.End;
        }

        return buffer.Start;
    }

    public void Dispose() => oversize.Dispose();

    /// <summary>False while it cannot be told yet whether the text begins with a byte-order mark.</summary>
    private bool TrySettleMark(ref ReadOnlySequence<byte> buffer, bool final)
    {
        if (markSettled)
        {
            return true;
        }

        Span<byte> head = stackalloc byte[Mark.Length];
        head = head[..(int)Math.Min(buffer.Length, head.Length)];
        buffer.Slice(0, head.Length).CopyTo(head);
        var begins = Mark.StartsWith(head);
        if (begins && head.Length < Mark.Length && !final)
        {
            return false;
        }

        markSettled = true;
        buffer = begins && head.Length == Mark.Length ? buffer.Slice(Mark.Length) : buffer;
        return true;
    }

    /// <summary>Takes the unfinished line at the front and then every line inside the first segment; false when no line ends.</summary>
    private bool TryTakeLines(ref ReadOnlySequence<byte> buffer)
    {
        if (scanned == 0 && !inOversize)
        {
            var isAll = buffer.IsSingleSegment;
            buffer = buffer.Slice(TakeWholeLines(buffer.FirstSpan));
            if (isAll)
            {
                return false;
            }
        }

        if (buffer.Slice(scanned).PositionOf(LineFeed) is not { } end)
        {
            return false;
        }

        EndLine(buffer.Slice(0, end));
        buffer = buffer.Slice(buffer.GetPosition(1, end));
        return !buffer.IsEmpty;
    }

    private int TakeWholeLines(ReadOnlySpan<byte> span)
    {
        var taken = 0;
        for (var length = span.IndexOf(LineFeed); length >= 0; length = span[taken..].IndexOf(LineFeed))
        {
            var line = span.Slice(taken, length);
            if (length <= limit)
            {
                HandOver(line);
            }
            else
            {
                oversize.Append(line);
                EndOversize();
            }

            taken += length + 1;
        }

        return taken;
    }

    private void EndLine(in ReadOnlySequence<byte> rest)
    {
        scanned = 0;
        if (inOversize || rest.Length > limit)
        {
            oversize.Append(rest);
            EndOversize();
        }
        else if (rest.IsSingleSegment)
        {
            HandOver(rest.FirstSpan);
        }
        else
        {
            joined = joined.Length == 0 ? new byte[limit] : joined;
            rest.CopyTo(joined);
            HandOver(joined.AsSpan(0, (int)rest.Length));
        }
    }

    private void EndOversize()
    {
        Records++;
        inOversize = false;
        if (oversize.End(out var length, out var sha256))
        {
            sink.RejectTooLarge(new SourcePosition(file, Records), DecodeLimits.UnknownArrival, length, sha256);
        }
    }

    private void HandOver(ReadOnlySpan<byte> line)
    {
        Records++;
        if (!Blank.Is(line))
        {
            sink.Accept(line, new SourcePosition(file, Records), DecodeLimits.UnknownArrival);
        }
    }
}

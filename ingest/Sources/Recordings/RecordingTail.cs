namespace KpiStream.Ingest.Sources.Recordings;

/// <summary>
/// Where a recording is to be gone on with, and what it holds up to there: its newest index and the blocks behind it, so that opening
/// a large file reads one section of it.
/// </summary>
internal sealed class RecordingTail
{
    private readonly BlockReader reader;

    private RecordingTail(BlockReader reader) => this.reader = reader;

    public RecordingSummary Summary { get; private set; } = new();

    /// <summary>The end of the last block to keep. What follows was never known to be on disk, or is no block.</summary>
    public long End { get; private set; } = RecordingFormat.FirstBlock;

    /// <summary>The number the next block gets.</summary>
    public long NextNumber { get; private set; }

    /// <summary>Where the newest index or manifest begins; 0 for none.</summary>
    public long IndexAt { get; private set; }

    /// <summary>True when the last block is a manifest.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Bytes of blocks that were once whole and are so no more, in the part looked at.</summary>
    public long DamagedBytes { get; private set; }

    public static RecordingTail Find(BlockReader reader)
    {
        var tail = new RecordingTail(reader);
        tail.StartAtIndex();
        tail.Walk();
        return tail;
    }

    private void StartAtIndex()
    {
        var last = reader.FindLast();
        var index = last < 0 ? 0 : reader.Header.IsIndex ? last : reader.Header.IndexAt;
        if (index < RecordingFormat.FirstBlock || !reader.TryReadAt(index) || !reader.Header.IsIndex
            || RecordingSummary.TryRead(reader.Payload) is not { } summary)
        {
            reader.Position = RecordingFormat.FirstBlock;
            return;
        }

        Summary = summary;
        reader.Position = index;
        TakeIndex(reader.Next());
    }

    private void Walk()
    {
        for (var read = reader.Next(); read.Kind is BlockReadKind.Block or BlockReadKind.Damaged; read = reader.Next())
        {
            if (read.Kind == BlockReadKind.Block)
            {
                Take(read);
            }
            else if (!IsOldDamage(read))
            {
                break;
            }
        }
    }

    /// <summary>
    /// Blocks are written in order, but a power cut may keep later ones and lose earlier ones. A block written when the bad place was
    /// already known to be on disk says that the place has been damaged since; otherwise all from there on was never promised to anyone.
    /// </summary>
    private bool IsOldDamage(BlockRead bad)
    {
        if (reader.Position == bad.From || !reader.TryReadAt(bad.To, static _ => false) || reader.Header.Durable <= bad.From)
        {
            return false;
        }

        DamagedBytes += bad.To - bad.From;
        return true;
    }

    private void Take(BlockRead read)
    {
        if (reader.Header.IsIndex && RecordingSummary.TryRead(reader.Payload) is { } summary)
        {
            // It knows also what damaged blocks before it held.
            Summary = summary;
            TakeIndex(read);
            return;
        }

        if (reader.Header.Type == BlockType.Events)
        {
            TakeEvents();
        }

        Finish(read);
    }

    private void TakeIndex(BlockRead read)
    {
        Finish(read);
        IndexAt = read.From;
        IsClosed = reader.Header.Type == BlockType.Manifest;
        Summary.SectionFrom = read.To;
        Summary.Section = ArrivalRange.None;
    }

    private void Finish(BlockRead read)
    {
        Summary.Link(reader.HeaderBytes);
        NextNumber = reader.Header.Number + 1;
        End = read.To;
        IsClosed = false;
    }

    private void TakeEvents()
    {
        var entries = new RecordedEntryReader(reader.Payload);
        while (entries.TryRead(out var entry))
        {
            Summary.Positions[entry.Position.Partition] = entry.Position.Offset;
            if (entry.Event.IsEmpty)
            {
                Summary.CountRejected(System.Text.Encoding.UTF8.GetString(entry.Reason));
            }
            else
            {
                Summary.CountSource(System.Text.Encoding.UTF8.GetString(SourceOf(entry.Event)), 1);
            }
        }

        var arrivals = new ArrivalRange(reader.Header.LeastArrival, reader.Header.GreatestArrival);
        Summary.Section = Summary.Section.With(arrivals);
        Summary.Arrivals = Summary.Arrivals.With(arrivals);
        Summary.Records = reader.Header.FirstRecord + reader.Header.Records;
    }

    /// <summary>The name behind version and mask: every event states its source, and it is the first key.</summary>
    private static ReadOnlySpan<byte> SourceOf(ReadOnlySpan<byte> recorded)
    {
        var packed = new MessagePackTokenReader(recorded);
        return packed.TryReadArrayHeader(out _) && packed.TryReadInteger(out _) && packed.TryReadInteger(out _)
            && packed.TryReadText(out var source) ? source : [];
    }
}

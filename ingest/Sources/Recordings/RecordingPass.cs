using KpiStream.Ingest.Sources.Files;

namespace KpiStream.Ingest.Sources.Recordings;

/// <summary>
/// One reading of one recording: hands over what good blocks hold, keeps account of what is missing between them. Holds one block.
/// Owned by the flow that reads.
/// </summary>
internal sealed class RecordingPass(string name, BlockReader reader, RecordingSourceOptions options, IRecordSink sink, ReadProgress progress)
{
    private readonly RecordingDamage damage = new(name, options.Report);
    private readonly HashSet<int> partitions = [];
    private readonly long leastWanted = options.Arrivals?.Least ?? long.MinValue;
    private readonly long greatestWanted = options.Arrivals?.Greatest ?? long.MaxValue;
    private int current = -1;
    private long firstWanted;
    private RecordingSummary? chain = new();
    private long nextNumber;
    private long nextRecord;
    private long lastGood = -1;

    /// <summary>Rejected records noted in what was read.</summary>
    public long Rejected { get; private set; }

    /// <summary>Why the reading was not whole; null when it was.</summary>
    public string? Damage => damage.IsNone ? null : damage.ToString();

    /// <summary>Told to the sink after every block as the place to go on from; null where nobody wants to know.</summary>
    public Func<SourcePlaces>? Here { get; init; }

    /// <summary>Notes that one of the two copies of the file's header is damaged.</summary>
    public void HeaderCopyDamaged() => damage.Add(RecordingFormat.HeaderBytes, 0, "one of the two copies of its header is damaged; the other was used.");

    /// <summary>Goes to the first block that may hold something wanted.</summary>
    public void Begin()
    {
        if (RecordingSections.FirstWanted(reader, options) is var first && first > 0 && reader.TryReadAt(first))
        {
            (nextNumber, nextRecord, lastGood, chain) = (reader.Header.Number, reader.Header.FirstRecord, reader.Header.Number - 1, null);
            reader.Position = first;
        }
        else
        {
            reader.Position = RecordingFormat.FirstBlock;
        }
    }

    /// <summary>Where reading has come.</summary>
    /// <param name="part">What the file is called in places.</param>
    public SourcePlace At(int part) => new(part, nextNumber, reader.Position, nextRecord, IdentityOf(reader.Id));

    /// <summary>
    /// False when a recording is another than the one that was left there, or has become shorter; what cannot be read at all is for reading to say.
    /// </summary>
    public static bool IsThere(RecordingInput input, SourcePlace left)
    {
        try
        {
            using var file = input.Open();
            var start = RecordingStart.Read(file);
            return start.Kind == RecordingStartKind.Unfinished ? left.Bytes == 0 : start.Kind != RecordingStartKind.Recording
                || Holds(start.Header.Id, left, file.Length);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    private static bool Holds(UInt128 id, SourcePlace left, long length) => IdentityOf(id) == left.Identity && left.Bytes <= length;

    /// <summary>Goes to where the file was left; false when it is another file, or has become shorter.</summary>
    public bool TryGoTo(SourcePlace left, long length)
    {
        if (!Holds(reader.Id, left, length))
        {
            return false;
        }

        (nextNumber, nextRecord, lastGood, chain) = (left.Next, left.Records, left.Next - 1, null);
        reader.Position = left.Bytes;
        return true;
    }

    /// <summary>Reads on to where no whole block follows; what stands there is the answer.</summary>
    public BlockRead ReadToEnd(CancellationToken stop)
    {
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            var read = reader.Next(IsWanted);
            progress.Add(Math.Max(0, reader.Position - read.From));
            if (read.Kind == BlockReadKind.Block)
            {
                Take(read);
                if (Here is not null)
                {
                    sink.Pass(Here);
                }
            }
            else if (read.Kind == BlockReadKind.Damaged && reader.Position == read.To)
            {
                damage.Add(read, lastGood);
                chain = null;
            }
            else
            {
                return read;
            }
        }
    }

    /// <summary>Judges what stands behind the last whole block when nothing more is to come.</summary>
    /// <param name="last">What stands there.</param>
    /// <param name="writing">Whether somebody writes, or may have been stopped while writing.</param>
    public void Finish(BlockRead last, RecordingWriting writing)
    {
        if (last.Kind == BlockReadKind.Damaged)
        {
            damage.Add(last, lastGood);
        }
        else if (last.Kind == BlockReadKind.Torn)
        {
            Tell(writing, last.To - last.From, $"ends inside a block: cut at byte {last.From}, "
                + $"{(lastGood < 0 ? "no good block is before it" : $"the last good block is number {lastGood}")}, {last.To - last.From} bytes were left out.");
        }
        else if (!reader.EndsWith(BlockType.Manifest))
        {
            Tell(writing, 0, $"ends at byte {last.From} without its manifest, "
                + $"{(lastGood < 0 ? "and without any block" : $"so blocks may be missing behind number {lastGood}")}.");
        }
    }

    private void Tell(RecordingWriting writing, long bytes, string what)
    {
        if (writing == RecordingWriting.Ended)
        {
            damage.Add(bytes, 0, $"it {what} Its writer was killed, or it was cut since; recording into it again completes what was killed.");
        }
        else if (bytes > 0)
        {
            options.Report($"{name} {what} {(writing == RecordingWriting.Now ? "It is being written now." : "Its writer was stopped.")}");
        }
    }

    /// <summary>Says that everything there is has been handed over.</summary>
    public void ReportCaughtUp()
    {
        foreach (var partition in partitions.DefaultIfEmpty())
        {
            sink.ReportLag(partition, 0);
        }
    }

    private static string IdentityOf(UInt128 id) => id.ToString("x32");

    private bool IsWanted(BlockHeader header) => header.Type != BlockType.Events || options.Arrivals is not { } wanted
        || (header.GreatestArrival >= wanted.Least && header.LeastArrival <= wanted.Greatest);

    private void Take(BlockRead read)
    {
        var header = reader.Header;
        NoteGap(read, header);
        if (header.IsIndex)
        {
            CheckChain(read);
        }

        chain?.Link(reader.HeaderBytes);
        (nextNumber, nextRecord, lastGood) = (header.Number + 1, header.FirstRecord + header.Records, header.Number);
        if (header.Type == BlockType.Events && IsWanted(header))
        {
            HandOver(read, header);
        }
    }

    /// <summary>Blocks are numbered and say which record they begin with, so what is missing is known even where nothing is left of it.</summary>
    private void NoteGap(BlockRead read, BlockHeader header)
    {
        if (header.Number != nextNumber && damage.IsNone)
        {
            damage.Add(0, 0, $"at byte {read.From} block {header.Number} follows where block {nextNumber} should.");
        }

        if (header.FirstRecord > nextRecord)
        {
            damage.Lost(header.FirstRecord - nextRecord);
        }
    }

    private void CheckChain(BlockRead read)
    {
        var isGood = RecordingSummary.TryRead(reader.Payload) is { } summary
            && (chain is null || (chain.Chain.AsSpan().SequenceEqual(summary.Chain) && summary.Records == nextRecord));
        if (!isGood)
        {
            damage.Add(0, 0, $"the index at byte {read.From} does not fit the blocks before it: some were exchanged or are of another file.");
            chain = null;
        }
    }

    private void HandOver(BlockRead read, BlockHeader header)
    {
        var entries = new RecordedEntryReader(reader.Payload);
        var taken = 0;
        for (; entries.TryRead(out var entry); taken++)
        {
            if (entry.Position.Partition != current)
            {
                Enter(entry.Position.Partition);
            }

            HandOver(in entry);
        }

        if (!entries.IsAtEnd || taken != header.Records)
        {
            damage.Add(header.PayloadBytes, Math.Max(0, header.Records - taken), $"block {header.Number} at byte {read.From} is whole but holds "
                + $"something else than events after the first {taken}.");
        }
    }

    /// <summary>Records of one partition usually follow one another, so what is to be asked of a partition is asked when it changes.</summary>
    private void Enter(int partition)
    {
        current = partition;
        firstWanted = options.StartPositions.GetValueOrDefault(partition, long.MinValue);
        if (partitions.Count < RecordingSourceOptions.MostPartitions)
        {
            partitions.Add(partition);
        }
    }

    private void HandOver(in RecordedEntry entry)
    {
        if (entry.Arrival < leastWanted || entry.Arrival > greatestWanted || entry.Position.Offset < firstWanted)
        {
            return;
        }

        if (entry.Event.IsEmpty)
        {
            Rejected++;
        }
        else
        {
            sink.Accept(entry.Event, entry.Position, entry.Arrival);
        }
    }
}

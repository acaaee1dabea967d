using System.Buffers;
using System.Security.Cryptography;
using MessagePack;

namespace KpiStream.Ingest.Sources.Recordings;

/// <summary>
/// What a recording holds up to a place: the content of index and manifest blocks, and the memory of a writer or checker.
/// Bounded by the partitions, the reasons and <see cref="MostSources"/>. Owned by one flow; after a restart it is read from the file's
/// newest index and the blocks behind it.
/// </summary>
internal sealed class RecordingSummary
{
    /// <summary>Sources counted by name; events of any further ones are counted together under the empty name.</summary>
    public const int MostSources = 1_000;

    /// <summary>Room for the longest summary: 10,000 partitions, all sources and all reasons fit with much to spare.</summary>
    private const int MostPartitions = 40_000;

    private const int Fields = 8;

    /// <summary>Where the section begins that ends here: behind the index before.</summary>
    public long SectionFrom { get; set; } = RecordingFormat.FirstBlock;

    /// <summary>The least arrival in the section; <see cref="DecodeLimits.UnknownArrival"/> when none is known.</summary>
    public ArrivalRange Section { get; set; } = ArrivalRange.None;

    /// <summary>The arrivals in the whole file.</summary>
    public ArrivalRange Arrivals { get; set; } = ArrivalRange.None;

    /// <summary>Records in the file, events and rejected ones.</summary>
    public long Records { get; set; }

    /// <summary>The last offset recorded, by partition.</summary>
    public Dictionary<int, long> Positions { get; } = [];

    /// <summary>Rejected records by reason.</summary>
    public SortedDictionary<string, long> Rejected { get; } = [];

    /// <summary>Events by source.</summary>
    public SortedDictionary<string, long> Sources { get; } = [];

    /// <summary>SHA-256 over the header of every block so far, each taken together with the hash before it.</summary>
    public byte[] Chain { get; private set; } = new byte[SHA256.HashSizeInBytes];

    /// <summary>Takes a block's header into the chain.</summary>
    public void Link(ReadOnlySpan<byte> blockHeader)
    {
        Span<byte> linked = stackalloc byte[SHA256.HashSizeInBytes + RecordingFormat.BlockHeaderBytes];
        Chain.CopyTo(linked);
        blockHeader.CopyTo(linked[SHA256.HashSizeInBytes..]);
        SHA256.HashData(linked, Chain);
    }

    public void CountSource(string name, long events)
    {
        var counted = Sources.ContainsKey(name) || Sources.Count < MostSources ? name : "";
        Sources[counted] = Sources.GetValueOrDefault(counted) + events;
    }

    public void CountRejected(string reason) => Rejected[reason] = Rejected.GetValueOrDefault(reason) + 1;

    /// <summary>The content of an index block.</summary>
    public byte[] ToPayload()
    {
        var written = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(written);
        writer.WriteArrayHeader(Fields);
        writer.Write(SectionFrom);
        WriteRange(ref writer, Section);
        WriteRange(ref writer, Arrivals);
        writer.Write(Records);
        var positions = Positions.OrderBy(one => one.Key).Take(MostPartitions).ToList();
        writer.WriteArrayHeader(positions.Count);
        foreach (var (partition, offset) in positions)
        {
            writer.WriteArrayHeader(2);
            writer.Write(partition);
            writer.Write(offset);
        }

        WriteCounts(ref writer, Rejected);
        WriteCounts(ref writer, Sources);
        writer.Write(Chain);
        writer.Flush();
        return written.WrittenSpan.ToArray();
    }

    /// <summary>Reads the content of an index block; null when it is not what README.md says.</summary>
    public static RecordingSummary? TryRead(ReadOnlySpan<byte> payload)
    {
        var reader = new MessagePackTokenReader(payload);
        var summary = new RecordingSummary();
        var isWhole = reader.TryReadArrayHeader(out var fields) && fields == Fields
            && reader.TryReadInteger(out var from) && TryReadRange(ref reader, out var section) && TryReadRange(ref reader, out var arrivals)
            && reader.TryReadInteger(out var records) && summary.TryReadPositions(ref reader)
            && TryReadCounts(ref reader, summary.Rejected) && TryReadCounts(ref reader, summary.Sources)
            && reader.TryReadBinary(out var chain) && chain.Length == SHA256.HashSizeInBytes
            && summary.Take(from, section, arrivals, records, chain);
        return isWhole && reader.IsAtEnd ? summary : null;
    }

    private bool Take(long from, ArrivalRange section, ArrivalRange arrivals, long records, ReadOnlySpan<byte> chain)
    {
        (SectionFrom, Section, Arrivals, Records) = (from, section, arrivals, records);
        Chain = chain.ToArray();
        return true;
    }

    private bool TryReadPositions(ref MessagePackTokenReader reader)
    {
        if (!reader.TryReadArrayHeader(out var count))
        {
            return false;
        }

        for (; count > 0; count--)
        {
            if (!reader.TryReadArrayHeader(out var two) || two != 2 || !reader.TryReadInteger(out var partition) || !reader.TryReadInteger(out var offset))
            {
                return false;
            }

            Positions[(int)partition] = offset;
        }

        return true;
    }

    private static void WriteRange(ref MessagePackWriter writer, ArrivalRange range)
    {
        writer.WriteArrayHeader(range.IsNone ? 0 : 2);
        if (!range.IsNone)
        {
            writer.Write(range.Least);
            writer.Write(range.Greatest);
        }
    }

    private static bool TryReadRange(ref MessagePackTokenReader reader, out ArrivalRange range)
    {
        range = ArrivalRange.None;
        if (!reader.TryReadArrayHeader(out var count) || count == 0)
        {
            return count == 0;
        }

        var isRange = reader.TryReadInteger(out var least) & reader.TryReadInteger(out var greatest) & count == 2;
        range = new ArrivalRange(least, greatest);
        return isRange;
    }

    private static void WriteCounts(ref MessagePackWriter writer, SortedDictionary<string, long> counts)
    {
        writer.WriteArrayHeader(counts.Count);
        foreach (var (name, count) in counts)
        {
            writer.WriteArrayHeader(2);
            writer.Write(name);
            writer.Write(count);
        }
    }

    private static bool TryReadCounts(ref MessagePackTokenReader reader, SortedDictionary<string, long> counts)
    {
        if (!reader.TryReadArrayHeader(out var count))
        {
            return false;
        }

        for (; count > 0; count--)
        {
            if (!reader.TryReadArrayHeader(out var two) || two != 2 || !reader.TryReadText(out var name) || !reader.TryReadInteger(out var events))
            {
                return false;
            }

            counts[Encoding.UTF8.GetString(name)] = events;
        }

        return true;
    }
}

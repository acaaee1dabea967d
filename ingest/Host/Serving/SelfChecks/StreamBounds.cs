namespace KpiStream.Ingest.Host.Serving.SelfChecks;

/// <summary>
/// The stretch of a log that was handed over: of each part the first and the last position, both included. Owned by the flow of the source; a copy is anyone's.
/// </summary>
internal sealed class StreamBounds
{
    private readonly Dictionary<int, (long First, long Last)> parts;
    private readonly Dictionary<int, long> before;

    public StreamBounds() => (parts, before) = ([], []);

    private StreamBounds(Dictionary<int, (long, long)> parts, Dictionary<int, long> before) => (this.parts, this.before) = (parts, before);

    /// <summary>The parts of which something was handed over.</summary>
    public IReadOnlyDictionary<int, (long First, long Last)> Parts => parts;

    /// <summary>Of a log that was read before: from its very start up to a position.</summary>
    public void AddBefore(int part, long first, long last) => (parts[part], before[part]) = ((first, last), last);

    /// <summary>The last position of a part that was read before; null where all of it was read since.</summary>
    public long? LastBefore(int part) => before.TryGetValue(part, out var last) ? last : null;

    /// <summary>Notes a position; those of a part come in order.</summary>
    public void Add(SourcePosition position)
    {
        ref var known = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(parts, position.Partition, out var isKnown);
        known = isKnown ? (known.First, Math.Max(known.Last, position.Offset)) : (position.Offset, position.Offset);
    }

    public StreamBounds Copy() => new(new Dictionary<int, (long, long)>(parts), before);
}

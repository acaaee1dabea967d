namespace KpiStream.Ingest.Host.Output.DeadLetters;

/// <summary>What became of the letters for one destination. Any thread may count and read.</summary>
/// <param name="destination">The destination's name in metrics, like <c>file</c>.</param>
internal sealed class DeadLetterCounts(string destination)
{
    private long written;
    private long dropped;

    public string Destination => destination;

    /// <summary>Letters that are where they should be.</summary>
    public long Written => Interlocked.Read(ref written);

    /// <summary>Letters that are lost: the destination could not take them, or not as fast as they came. They are still counted as rejected.</summary>
    public long Dropped => Interlocked.Read(ref dropped);

    public void Write(long letters) => Interlocked.Add(ref written, letters);

    public void Drop(long letters) => Interlocked.Add(ref dropped, letters);
}

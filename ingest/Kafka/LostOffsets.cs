namespace KpiStream.Ingest.Kafka;

/// <summary>Offsets that were to be read and did not exist any more.</summary>
/// <param name="From">The first of them.</param>
/// <param name="To">The first that is not one of them; <paramref name="From"/> when nobody knows how many there were.</param>
/// <param name="Reason">Why, as a part of a sentence.</param>
public sealed record LostOffsets(int Partition, long From, long To, string Reason)
{
    public long Count => To - From;
}

namespace KpiStream.Engine.Events;

/// <summary>How far one part of a source was handed over: a partition, a file, a segment of a log. Reading continues behind it.</summary>
/// <param name="Part">Kafka's partition, the number of the file in the order given from 0, or the number of a log's segment.</param>
/// <param name="Next">Kafka's next offset, lines or values read of a file, or the number of the next block of a recording.</param>
/// <param name="Bytes">Where the next byte stands, of gzip in what it unpacks to; 0 for Kafka.</param>
/// <param name="Records">Of a recording, the records in its blocks so far; otherwise 0.</param>
/// <param name="Identity">Tells another file of the same name apart; empty where the source has its own way of noticing.</param>
public sealed record SourcePlace(int Part, long Next, long Bytes = 0, long Records = 0, string Identity = "");

/// <summary>How far a source was handed over, everywhere.</summary>
/// <param name="Parts">In the order of their numbers; a part that is not named has not been begun.</param>
/// <param name="Skipped">Records passed over that are no events, like Kafka's tombstones.</param>
public sealed record SourcePlaces(IReadOnlyList<SourcePlace> Parts, long Skipped = 0)
{
    public static readonly SourcePlaces Beginning = new([]);

    /// <summary>The place of a part; null when it has not been begun.</summary>
    public SourcePlace? Of(int part) => Parts.FirstOrDefault(place => place.Part == part);
}

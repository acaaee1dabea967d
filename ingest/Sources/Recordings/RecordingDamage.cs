namespace KpiStream.Ingest.Sources.Recordings;

/// <summary>What of a recording could not be read: counted, and the first places told. Owned by the flow that reads it.</summary>
internal sealed class RecordingDamage(string name, Action<string> report)
{
    /// <summary>This many places are told one by one; the sum has them all.</summary>
    private const int ToldPlaces = 10;

    private long places;
    private long bytes;
    private long lost;

    public bool IsNone => places == 0;

    /// <summary>Bytes that are no good block.</summary>
    public void Add(BlockRead place, long lastGood) => Add(
        place.To - place.From, 0,
            $"bytes {place.From} to {place.To - 1}, {(lastGood < 0 ? "before any good block" : $"after block {lastGood}")}, are damaged and were passed over.");

    /// <summary>Something that good blocks tell.</summary>
    public void Add(long damagedBytes, long lostRecords, string what)
    {
        places++;
        bytes += damagedBytes;
        lost += lostRecords;
        if (places <= ToldPlaces)
        {
            report($"{name}: {what}");
        }
    }

    /// <summary>Records that were in damaged blocks, as the next good block tells.</summary>
    public void Lost(long records) => lost += records;

    /// <summary>One sentence for the end.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{name} is damaged in {places} {(places == 1 ? "place" : "places")} ({bytes} bytes, at least {lost} records lost); everything else in it was read. "
            + $"Fetch the file again, or record the topic into a new one.");
}

namespace KpiStream.Ingest.Sources.Recordings;

/// <summary>Finds by the indexes where reading has to begin, so that what is not wanted at the front is not read.</summary>
internal static class RecordingSections
{
    /// <summary>The end of the last index before which nothing is wanted; 0 when reading must begin at the start.</summary>
    public static long FirstWanted(BlockReader reader, RecordingSourceOptions options)
    {
        if (options.StartPositions.Count == 0 && options.Arrivals is null)
        {
            return 0;
        }

        var sections = Sections(reader, out var isWhole);
        var byPosition = sections.FindLast(section => IsRead(section.Summary, options.StartPositions)).End;
        var byArrival = isWhole && options.Arrivals is { } wanted
            ? sections.TakeWhile(section => section.Summary.Section.Greatest < wanted.Least).LastOrDefault().End
            : 0;
        return Math.Max(byPosition, byArrival);
    }

    /// <summary>The indexes that can be found from the end, in the order of the file.</summary>
    /// <param name="reader">Left anywhere.</param>
    /// <param name="isWhole">True when they cover everything from the first block.</param>
    private static List<(long End, RecordingSummary Summary)> Sections(BlockReader reader, out bool isWhole)
    {
        var sections = new List<(long End, RecordingSummary Summary)>();
        var last = reader.FindLast();
        var index = last < 0 ? 0 : reader.Header.IsIndex ? last : reader.Header.IndexAt;
        var before = long.MaxValue;
        while (index >= RecordingFormat.FirstBlock && index < before && reader.TryReadAt(index) && reader.Header.IsIndex
            && RecordingSummary.TryRead(reader.Payload) is { } summary)
        {
            sections.Insert(0, (index + reader.Header.BlockBytes, summary));
            (before, index) = (index, reader.Header.IndexAt);
        }

        isWhole = index == 0;
        return sections;
    }

    private static bool IsRead(RecordingSummary section, IReadOnlyDictionary<int, long> start) =>
        start.Count > 0 && section.Positions.All(one => start.TryGetValue(one.Key, out var next) && one.Value < next);
}

namespace KpiStream.Ingest.Host.State;

/// <summary>Asks the sources of a run whether they still hold what comes next after a checkpoint.</summary>
/// <param name="sources">In the order in which a head names them.</param>
internal sealed class GapFinder(IReadOnlyList<IRecordSource> sources)
{
    /// <summary>The first gap; null when there is none.</summary>
    public async Task<SourceGap?> FindAsync(CheckpointHead head)
    {
        foreach (var (source, saved) in sources.Zip(head.Sources))
        {
            if (saved.Places.Parts.Count > 0
                && await source.FindGapAsync(saved.Places, CancellationToken.None) is { } gap)
            {
                return gap;
            }
        }

        return null;
    }
}

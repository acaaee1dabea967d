namespace KpiStream.Ingest.Host.Runs.Load;

/// <summary>Two exports beside each other.</summary>
internal static class RowComparison
{
    private const int MostTold = 5;

    /// <summary>The first rows that differ, one sentence each; empty where the exports are the same.</summary>
    /// <param name="compared">How many rows were looked at.</param>
    public static List<string> Between(string counted, string recounted, out long compared)
    {
        var (ours, theirs) = (counted.Split('\n').ToHashSet(), recounted.Split('\n').ToHashSet());
        compared = Math.Max(ours.Count, theirs.Count) - 2; // the header and the end
        var told = new List<string>();
        foreach (var row in ours.Except(theirs).Take(MostTold))
        {
            told.Add($"counted and not recounted: {row}");
        }

        foreach (var row in theirs.Except(ours).Take(MostTold))
        {
            told.Add($"recounted and not counted: {row}");
        }

        return told;
    }
}

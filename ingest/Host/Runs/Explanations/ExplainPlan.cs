namespace KpiStream.Ingest.Host.Runs.Explanations;

/// <summary>What <c>alerts explain</c> was asked to do, with everything loaded.</summary>
/// <param name="Id">The alert's.</param>
/// <param name="Folder">The state folder of the server that judged.</param>
/// <param name="Loaded">The settings of the server.</param>
/// <param name="Open">Opens the log from its start; what it has to say of damage is told to the action.</param>
internal sealed record ExplainPlan(string Id, string Folder, LoadedSettings Loaded, Func<Action<string>, IRecordSource> Open)
{
    /// <summary>True where positions have no gaps.</summary>
    public bool IsGapless { get; init; }

    /// <summary>The topic, whose profiles decode it; null for an embedded log.</summary>
    public string? Topic { get; init; }
}

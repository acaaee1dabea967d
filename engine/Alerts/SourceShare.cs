namespace KpiStream.Engine.Alerts;

/// <summary>How many distinct cases are of one source.</summary>
/// <param name="Source">The source that spoke last of them; empty where a case has none.</param>
public sealed record SourceShare(string Source, long Cases);

namespace KpiStream.Ingest.Sources.Configuration.Alerts;

/// <summary>Something that truly changed in a stream, declared by who made it or looked into it: what alerts are measured against.</summary>
/// <param name="Unit">The unit's code; for a source's error its name.</param>
/// <param name="From">The local day it began.</param>
/// <param name="To">The last local day of it; null where it has not ended.</param>
/// <param name="Figure">The figure it shows in; null for any.</param>
/// <param name="What">For readers.</param>
public sealed record DeclaredChange(string Unit, DateOnly From, DateOnly? To, string? Figure, string What);

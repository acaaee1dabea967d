namespace KpiStream.Engine.Kpis;

/// <summary>Where something counts.</summary>
/// <param name="Unit">Code id of the unit, successors applied.</param>
/// <param name="Second">The instant that places it, in whole seconds since 1970 UTC.</param>
public readonly record struct Place(int Unit, long Second);

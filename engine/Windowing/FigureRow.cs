namespace KpiStream.Engine.Windowing;

/// <summary>One row of <c>--export</c>.</summary>
/// <param name="Kpi">The figure's id, or a gauge's name.</param>
/// <param name="Unit">The unit's code.</param>
/// <param name="Period">The period's name as typed.</param>
/// <param name="From">Local date or RFC 3339 seconds; empty for gauges.</param>
/// <param name="To">As <paramref name="From"/>.</param>
/// <param name="Denominator">Cases counted.</param>
/// <param name="Numerator">Null for volumes and gauges.</param>
/// <param name="Unobserved">Cases that may belong to the numerator: none of its items fails and some are unknown. Null for volumes and gauges.</param>
public readonly record struct FigureRow(string Kpi, string Unit, string Period, string From, string To, long Denominator, long? Numerator, long? Unobserved);

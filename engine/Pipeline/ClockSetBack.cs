namespace KpiStream.Engine.Pipeline;

/// <summary>That the host's clock was put back, and windows and gauges were derived again from the cases.</summary>
/// <param name="Times">How often since the start.</param>
/// <param name="From">What now was before the last time, milliseconds since 1970 UTC.</param>
/// <param name="To">What it was then.</param>
public readonly record struct ClockSetBack(long Times, long From, long To);

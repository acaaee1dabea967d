namespace KpiStream.Engine.Alerts;

/// <summary>Somebody has taken note of an alert and sees to it. It ends with the alert. Immutable.</summary>
/// <param name="By">Who.</param>
/// <param name="At">When, milliseconds since 1970 UTC.</param>
/// <param name="Note">What the next on duty must know; empty for nothing.</param>
public sealed record Acknowledgement(string By, long At, string Note);

namespace KpiStream.Engine.Alerts;

/// <summary>How much the alert engine keeps.</summary>
public sealed record AlertLimits
{
    public static readonly AlertLimits Default = new();

    /// <summary>The most alerts pending or firing at once: the nation's 3,321 communes under 19 rules. What does not fit is counted, not kept.</summary>
    public int MaxActive { get; init; } = 65_536;

    /// <summary>The most resolved alerts listed; the oldest leave first.</summary>
    public int MaxResolved { get; init; } = 1_000;

    /// <summary>How long a resolved alert stays listed, in milliseconds: a day.</summary>
    public long ResolvedListedMillis { get; init; } = 86_400_000;
}

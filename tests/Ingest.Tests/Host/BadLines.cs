namespace KpiStream.Ingest.Tests.Host;

/// <summary>Lines that must be rejected, one for every reason a file can give, each with bytes that must never be seen again.</summary>
internal static class BadLines
{
    /// <summary>In every line, as a name or a number of a citizen would be.</summary>
    public const string Secret = "so-cccd-033204001234";

    private const string Whole = $$"""{"source":"{{Secret}}","case":"{{Secret}}","at":"2025-07-16T10:00:00+07:00","status":9""";

    private static readonly (string Key, string Value)[] BadValues =
    [
        ("source", "\"\""), ("case", "7"), ("at", "1752634931250"), ("seq", "-1"), ("kind", "\"hồ sơ\""), ("status", "11"),
        ("procedure", $"\"{new string('2', 41)}\""), ("field", "[]"), ("receiving", "true"), ("handling", $"\"{new string('1', 33)}\""),
        ("channel", "\"web\""), ("filed", "\"2025-07-16\""), ("accepted", "\"2025-07-16T10:00:00\""), ("due", "\"2100-01-01T00:00:00Z\""),
        ("ended", "{}"), ("fee", "8000.0"), ("waived", "\"true\""), ("paid_via", "\"cash\""), ("result", "\"PAPER\""), ("signed", "1"),
        ("returned", "\"\""), ("presence", "\"no\""), ("digitised", "0"), ("reused", "\"false\""), ("vneid", "[]"), ("synced", "0"),
        ("satisfied", "5"), ("parent", $"\"{new string('3', 65)}\""),
    ];

    private static readonly (string Reason, string Line)[] Texts =
    [
        ("too_large", $"{Whole},\"x\":\"{new string('x', 65_536)}\"}}"),
        ("malformed", Whole),
        ("malformed", $"[\"{Secret}\"]"),
        ("malformed", $"{Whole},\"x\":{new string('[', 64)}{new string(']', 64)}}}"),
        ("unsupported_version", $"{Whole},\"v\":2}}"),
        ("missing:source", $"{Whole},\"source\":null}}"),
        ("missing:case", $"{Whole},\"case\":null}}"),
        ("missing:at", $"{Whole},\"at\":null}}"),
        .. BadValues.Select(bad => ("bad_value:" + bad.Key, $"{Whole},\"{bad.Key}\":{bad.Value}}}")),
    ];

    /// <summary>Reason and line, for every reason but the two that hang on arrival and configuration.</summary>
    public static IReadOnlyList<(string Reason, byte[] Line)> All { get; } = [.. Texts.Select(bad => (bad.Reason, Encoding.UTF8.GetBytes(bad.Line)))];
}

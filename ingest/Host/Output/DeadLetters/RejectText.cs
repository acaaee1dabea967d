namespace KpiStream.Ingest.Host.Output.DeadLetters;

/// <summary>A reject reason's text taken apart: <c>bad_value:fee</c> is the reason <c>bad_value</c> about the key <c>fee</c>.</summary>
internal static class RejectText
{
    /// <summary>The reason without its key.</summary>
    public static string ReasonOf(string text) => text.Split(':', 2)[0];

    /// <summary>The key's name; empty where the reason has none.</summary>
    public static string KeyOf(string text) => text.IndexOf(':') is >= 0 and var colon ? text[(colon + 1)..] : "";
}


namespace KpiStream.Ingest.Tests.EndToEnd;

/// <summary>Events of cases as a case system would send them, one line each.</summary>
internal static class CaseLines
{
    /// <summary>A case filed online and accepted.</summary>
    public static string Accepted(string code, string unit, DateTimeOffset at) =>
        $$"""{"source":"test","case":"{{code}}","at":"{{Instant(at)}}","status":2,"receiving":"{{unit}}","handling":"{{unit}}","channel":"online", """
            + $$""" "accepted":"{{Instant(at)}}"}""";

    /// <summary>The same case, done in a way that counts as fully online.</summary>
    public static string DoneOnline(string code, DateTimeOffset at) =>
        $$"""{"source":"test","case":"{{code}}","at":"{{Instant(at)}}","status":10,"ended":"{{Instant(at)}}","fee":0,"result":"electronic", """
            + $$""" "signed":true,"returned":"online","presence":"none"}""";

    /// <summary>The same case, done at the counter: in the denominator, not in the numerator.</summary>
    public static string DoneAtTheCounter(string code, DateTimeOffset at) =>
        $$"""{"source":"test","case":"{{code}}","at":"{{Instant(at)}}","status":10,"ended":"{{Instant(at)}}","result":"paper","returned":"counter", """
            + $$""" "presence":"visit"}""";

    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'");
}

using FsCheck;
using FsCheck.Fluent;

namespace KpiStream.Engine.Tests.Pipeline;

/// <summary>
/// Streams made to hurt: few cases, few stamps, so that equal stamps, nulls, repeats and disorder meet all the time; instants around day, month
/// and successor borders; old, unknown, parent and missing units. FsCheck shrinks a failing stream by leaving events out.
/// </summary>
internal static class RandomEvents
{
    // 2025-06-28T00:00:00+07:00: three days before old units end and the rollout begins.
    private static readonly long Start = LocalTime.StartOfDay(LocalTime.DayOf(new DateOnly(2025, 6, 28)));

    private static readonly string[] Units = ["11953", "11956", "12466", "03646", "99999", "33", "VN", "11959", "12001", "", "?"];
    private static readonly string[] Procedures = ["2.000815", "2.000815.000.00.00.H31", "2.0008151", "1.001193", ""];

    private static readonly Gen<long> Instant =
        from day in Gen.Choose(0, 45)
        from second in Gen.OneOf(Gen.Elements(0, 1, 86_399, 43_200, 53_999, 54_000), Gen.Choose(0, 86_399))
        from milli in Gen.Elements(0, 1, 500, 999)
        select Start + (day * LocalTime.MillisPerDay) + (second * LocalTime.MillisPerSecond) + milli;

    private static readonly Gen<string> InstantJson = from at in Instant select $"\"{InstantText.ToLocalMillis(at)}\"";

    private static readonly (string Key, Gen<string> Value)[] Keys =
    [
        ("kind", Words("case", "case", "case", "feedback", "publication")),
        ("status", from status in Gen.Choose(1, 10) select status.ToString()),
        ("procedure", Words(Procedures)),
        ("field", Words("G15-CT01", "")),
        ("receiving", Words(Units)),
        ("handling", Words(Units)),
        ("channel", Words("counter", "online", "online", "post")),
        ("filed", InstantJson),
        ("accepted", InstantJson),
        ("due", InstantJson),
        ("ended", InstantJson),
        ("fee", Gen.Elements("0", "0", "8000", "1000000000000")),
        ("waived", Bool()),
        ("paid_via", Words("none", "national", "local", "counter")),
        ("result", Words("none", "paper", "electronic", "electronic", "not_required")),
        ("signed", Bool()),
        ("returned", Words("none", "online", "post", "counter")),
        ("presence", Words("none", "none", "visit", "paper", "on_site")),
        ("digitised", Bool()),
        ("reused", Bool()),
        ("vneid", Bool()),
        ("synced", Bool()),
        ("satisfied", Bool()),
        ("components_signed", Bool()),
        ("result_digitised", Bool()),
        ("stored", Bool()),
        ("result_synced", Bool()),
        ("parent", Words("", "", "H31-1")),
    ];

    private static readonly Gen<string> Event =
        from number in Gen.Choose(0, 3)
        from source in Gen.Elements("hy", "sl")
        from at in Gen.OneOf(Gen.Elements(Start, Start + 1, Start + (40 * LocalTime.MillisPerDay)), Instant)
        from seq in Gen.Elements(0, 0, 1, 2)
        from share in Gen.Elements(15, 60, 100)
        from members in Gen.CollectToArray(Keys, key => Member(key.Key, key.Value, share))
        select $$"""{"source":"{{source}}","case":"c{{number}}","at":"{{InstantText.ToLocalMillis(at)}}","seq":{{seq}}{{string.Concat(members)}}}""";

    /// <summary>Streams of up to some hundred events.</summary>
    public static Arbitrary<string[]> Streams { get; } = Arb.From(
        from count in Gen.OneOf(Gen.Choose(1, 8), Gen.Choose(8, 150))
        from events in Gen.ArrayOf(Event, count)
        select events,
        Shorter);

    public static IEnumerable<byte[]> Bytes(IEnumerable<string> events) => events.Select(Encoding.UTF8.GetBytes);

    private static Gen<string> Member(string key, Gen<string> value, int share) =>
        from isStated in Gen.Choose(1, 100)
        from isNull in Gen.Choose(1, 10)
        from json in value
        select isStated > share ? "" : $",\"{key}\":{(isNull == 1 ? "null" : json)}";

    private static Gen<string> Words(params string[] words) => from word in Gen.Elements(words) select $"\"{word}\"";

    private static Gen<string> Bool() => Gen.Elements("true", "false");

    private static IEnumerable<string[]> Shorter(string[] events)
    {
        for (var size = events.Length / 2; size > 0; size /= 2)
        {
            for (var start = 0; start < events.Length; start += size)
            {
                yield return [.. events[..start], .. events[Math.Min(events.Length, start + size)..]];
            }
        }
    }
}

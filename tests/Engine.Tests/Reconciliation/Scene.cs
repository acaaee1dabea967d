using KpiStream.Engine.Reconciliation;

namespace KpiStream.Engine.Tests.Reconciliation;

/// <summary>
/// A recount small enough to check by hand: a nation VN, a province P with the communes A and B, and three old communes:
/// OLDER became OLD on 2025-06-01, OLD became A a month later, and GONE ended that day without a successor.
/// Times are written as local ones, like <c>2025-07-02 08:00</c>.
/// </summary>
internal sealed class Scene(Rulebook? rulebook = null)
{
    private const string Units = """
        code,name,kind,parent,valid_from,valid_to,successor,aliases
        VN,Nation,nation,,,,
        P,Province,province,VN,,,
        A,Commune A,xã,P,2025-07-01,,,H31.1;Thụy
        B,Commune B,phường,P,2025-07-01,,,
        OLDER,Older,xã,P,,2025-06-01,OLD
        OLD,Old,xã,P,,2025-07-01,A,H31.2
        GONE,Gone,xã,P,,2025-07-01,
        """;

    private readonly CodeBook codes = new();
    private NaiveRecount? recount;

    public NaiveRecount Recount => recount ??= new NaiveRecount(codes, rulebook ?? Shipped.Rulebook(), Directory());

    /// <summary>A local time, seconds and fraction optional, in milliseconds.</summary>
    public static long Millis(string local)
    {
        Assert.True(InstantText.TryParse(Encoding.UTF8.GetBytes(Instant(local)), out var millis), local);
        return millis;
    }

    /// <summary>A local time as events write it.</summary>
    public static string Instant(string local) => local.Replace(' ', 'T') + (local.Length == "2025-07-02 08:00".Length ? ":00" : "") + "+07:00";

    /// <summary>
    /// Adds an event. In <paramref name="keys"/>, apostrophes stand for quotes and <c>@2025-07-02 08:00@</c> for a local instant.
    /// </summary>
    public Scene Event(string id, string at, string keys)
    {
        var parts = keys.Replace('\'', '"').Split('@');
        for (var i = 1; i < parts.Length; i += 2)
        {
            parts[i] = $"\"{Instant(parts[i])}\"";
        }

        var record = $"{{\"source\":\"s\",\"case\":\"{id}\",\"at\":\"{Instant(at)}\",{string.Concat(parts)}}}";
        var decoder = new EventDecoder(codes, PseudonymKey.Fixed, DecodeLimits.Default);
        var verdict = decoder.Decode(Encoding.UTF8.GetBytes(record), DecodeLimits.UnknownArrival, out var decoded);
        Assert.True(verdict.IsAccepted, $"{verdict}: {record}");
        Recount.Add(in decoded);
        return this;
    }

    /// <summary>The rows of one figure or gauge as <c>unit from denominator/numerator</c>, zeros left out, sorted.</summary>
    public string[] Rows(string kpi, string period, string now = "2025-12-31 12:00", bool rollup = false) =>
    [
        .. AllRows(kpi, period, now, rollup)
            .Where(row => row.Denominator > 0)
            .Select(row => $"{row.Unit} {row.From} {row.Denominator}/{row.Numerator}".TrimEnd('/'))
            .Order(),
    ];

    /// <summary>The rows of one figure or gauge, zeros included.</summary>
    public IEnumerable<FigureRow> AllRows(string kpi, string period, string now = "2025-12-31 12:00", bool rollup = false) =>
        Recount.Rows([Period.TryParse(period)!], Millis(now), rollup).Where(row => row.Kpi == kpi);

    private static UnitDirectory Directory()
    {
        var problems = new List<string>();
        var directory = UnitDirectory.TryCreate(UnitCsv.Parse(Units, problems), "scene", problems);
        Assert.True(directory is not null, string.Join('\n', problems));
        return directory;
    }
}

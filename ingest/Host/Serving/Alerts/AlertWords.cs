using KpiStream.Engine.Alerts;

namespace KpiStream.Ingest.Host.Serving.Alerts;

/// <summary>
/// Says what there is to say of an alert in one language, for somebody on duty: what, where, since when, how much, how sure, what to do. Pure; texts are one
/// line each, whatever a unit's code holds.
/// </summary>
/// <param name="figures">The names of the figures in the language, by id.</param>
/// <param name="units">The names of the units.</param>
public abstract class AlertWords(IReadOnlyDictionary<string, string> figures, UnitDirectory units)
{
    /// <summary>Keys of a source that a sentence names.</summary>
    protected const int MostKeys = 3;

    /// <summary>Sources whose cases a sentence names.</summary>
    private const int MostSources = 5;

    /// <summary>A figure's name; its id when the rulebook does not know it.</summary>
    public string FigureName(string id) => figures.GetValueOrDefault(id, id);

    /// <summary>What an alert is about as a sentence names it: a unit in full, a source, a board.</summary>
    public string Subject(Alert alert) => OneLine(alert.Rule.Kind switch
    {
        AlertKind.Source => Source(alert.Unit),
        AlertKind.Board when alert.Reading.Rule is SilentBoardRule board => Board(board.Board),
        _ => UnitName(alert.Unit),
    });

    /// <summary>A unit as a sentence names it.</summary>
    public string UnitName(string code) => units.Find(code)?.FullName ?? UnknownUnit;

    /// <summary>A unit with the one above it, where the directory is the nation's.</summary>
    public string UnitInFull(string code)
    {
        var name = UnitName(code);
        return units.Above(code).Select(units.Find).FirstOrDefault(static above => above is { IsProvince: true }) is { } province && IsNation
            ? $"{name}, {province.FullName}" : name;
    }

    /// <summary>The kind in a few words, as a heading has it.</summary>
    public abstract string Title(AlertKind kind);

    public abstract string Grade(AlertGrade grade);

    /// <summary>What a rule found, in one clause.</summary>
    public string Finding(Alert alert) => OneLine(Clause(alert, IsBad(alert)));

    /// <summary>The same in a line that stands under a heading which says the rest.</summary>
    public string Brief(Alert alert) => OneLine(BriefClause(alert));

    /// <summary>What is known of a verdict besides its counts: labels and values.</summary>
    public abstract FactLabels Labels { get; }

    /// <summary>A count of what alerts of a kind are about, like <c>40 units</c>.</summary>
    public abstract string Number(AlertKind kind, int count);

    /// <summary>How sure a verdict is, in words and as a number.</summary>
    public abstract string Sureness(Alert alert);

    /// <summary>What to do next, a sentence each.</summary>
    public abstract IReadOnlyList<string> Advice(AlertKind kind, bool isOver);

    /// <summary>What to do about an alert: what its rule says, or else what is said of its kind.</summary>
    public IReadOnlyList<string> Advice(Alert alert, bool isOver) =>
        !isOver && AdviceOf(alert.Rule) is { } own ? [OneLine(own)] : Advice(alert.Rule.Kind, isOver);

    public abstract string Count(double count);

    /// <summary>A rule's own advice; null where it has none.</summary>
    protected abstract string? AdviceOf(AlertRule rule);

    /// <summary>Like <c>17,5 hồ sơ</c>.</summary>
    public abstract string Cases(double count);

    /// <summary>A ratio to a tenth of a percent, cut and not rounded.</summary>
    public abstract string Percent(long numerator, long denominator);

    /// <summary>A ratio (0–1), to a tenth of a percent where it is not whole.</summary>
    public abstract string Percent(double ratio);

    /// <summary>An instant with its local day, like <c>08:30 ngày 15/7/2025</c>.</summary>
    public abstract string Instant(long millis);

    public abstract string Duration(long millis);

    /// <summary>What was judged, as it follows a number.</summary>
    public abstract string Span(Alert alert);

    /// <summary>Days of a calendar that are only expected.</summary>
    public abstract string Expected(IReadOnlyList<CalendarDay> days);

    /// <summary>Whose cases they are, like <c>igate 31 (62.0 %), other 19 (38.0 %)</c>; null where nobody has looked, or there are none.</summary>
    public string? Sources(Alert alert) => alert.Sources is not { Count: > 0 } shares || shares.Sum(static share => share.Cases) is not (> 0 and var all) ? null
        : OneLine(string.Join(", ", shares.Take(MostSources).Select(share =>
            $"{(share.Source.Length > 0 ? share.Source : "?")} {Count(share.Cases)} ({Percent(share.Cases, all)})")))
            + (shares.Count > MostSources ? ", …" : "");

    protected abstract string UnknownUnit { get; }

    protected abstract string Source(string name);

    protected abstract string Board(string name);

    protected abstract string Clause(Alert alert, bool isBad);

    protected abstract string BriefClause(Alert alert);

    /// <summary>The counts that a verdict stands on: those of the evidence, or of the reading where an earlier version kept none.</summary>
    internal static (long Count, long? Of, long Unobserved) Counts(Alert alert) => alert.Evidence is { Count: { } count } evidence
        ? (count, evidence.Of, evidence.Unobserved ?? 0)
        : (alert.Reading.Numerator ?? alert.Reading.Denominator, alert.Reading.Numerator is null ? null : alert.Reading.Denominator, alert.Reading.Unobserved);

    /// <summary>
    /// Where the days end that a ratio was judged by, when that is not now: days that are not settled are left out. Milliseconds since 1970 UTC, not included.
    /// </summary>
    internal static long? SettledEnd(Alert alert) =>
        alert.Rule is BelowTargetRule { Period: { Kind: not PeriodKind.Day } period } && alert.Evidence?.To is { } end
            && LocalTime.StartOfDay(LocalTime.DayOf(end)) == end
            && !(period.Kind == PeriodKind.Range && LocalTime.DayOf(period.To) < LocalTime.DayOf(end)) ? end : null;

    /// <summary>
    /// True while the condition holds. One that is resolving has been read again since, and was clear: what it says then is what it will say once it is over.
    /// </summary>
    internal static bool IsBad(Alert alert) => alert.State is AlertState.Pending or AlertState.Firing;

    /// <summary>True where a partition still gives nothing and is not waited for any longer.</summary>
    internal static bool IsGivenUp(Alert alert) => alert.Evidence is { From: { } last, To: { } now } && now - last > SilentPartitionRule.GoneMillis;

    /// <summary>By how many cases more came than were ended; null for other rules than those about growth.</summary>
    internal static long? Grown(Alert alert) => alert is { Rule: GrowthRule, Evidence: { Count: { } ended, Of: { } came } } ? came - ended : null;

    internal static double? TargetOf(Alert alert) => alert.Evidence?.Target ?? (alert.Rule is LowVolumeRule low ? low.FewerThan : alert.Reading.Target);

    /// <summary>A unit code of the stream may hold anything; it must not begin a second line.</summary>
    internal static string OneLine(string text) => string.Create(text.Length, text, static (line, source) =>
    {
        for (var i = 0; i < line.Length; i++)
        {
            line[i] = char.IsControl(source[i]) || source[i] is '\u2028' or '\u2029' ? ' ' : source[i];
        }
    });

    private bool IsNation => units.Rows.Count(static row => row.IsProvince) > 1;
}

/// <summary>What stands before the facts of a message, and the words that join them.</summary>
public sealed record FactLabels
{
    public required string What { get; init; }

    public required string Unit { get; init; }

    public required string Source { get; init; }

    public required string Board { get; init; }

    public required string Firing { get; init; }

    public required string Since { get; init; }

    public required string Ended { get; init; }

    public required string Lasted { get; init; }

    public required string Counted { get; init; }

    public required string Unobserved { get; init; }

    public required string Target { get; init; }

    public required string Expected { get; init; }

    public required string Least { get; init; }

    public required string Interval { get; init; }

    /// <summary>Before the counts between which those of a unit that is as it was lie.</summary>
    public required string UsualRange { get; init; }

    public required string Sureness { get; init; }

    /// <summary>Before the cases of each source.</summary>
    public required string BySource { get; init; }

    public required string Note { get; init; }

    /// <summary>Before the heading of what is over.</summary>
    public required string Over { get; init; }

    /// <summary>Before the heading of what is told once more.</summary>
    public required string Reminder { get; init; }

    /// <summary>Joins the most that fired at once to how many do.</summary>
    public required string AtMost { get; init; }

    public required string Missing { get; init; }

    public required string HeldBack { get; init; }

    public required string Test { get; init; }

    public required string TestAdvice { get; init; }

    public required string Between { get; init; }
}

using System.Text.Json.Serialization;
using KpiStream.Engine.Alerts;

namespace KpiStream.Engine.Boards;

/// <summary>The whole board at one instant. Immutable; every reader may keep it. Serialised as it stands, in camel case.</summary>
public sealed record BoardFrame
{
    /// <summary>Grows by one with every frame published.</summary>
    public required long Id { get; init; }

    /// <summary>A whole board; what changed between two is a <see cref="BoardDelta"/>.</summary>
    public string Kind { get; } = "frame";

    public required bool Demo { get; init; }

    /// <summary>The instant shown, local time to the second.</summary>
    public required string Now { get; init; }

    /// <summary>The newest event time counted, to the millisecond; null before the first event.</summary>
    public required string? DataTime { get; init; }

    public required int StaleAfterSeconds { get; init; }

    /// <summary>True when the source is lost or silent, see <see cref="Phase"/>: nothing on the board may then look good.</summary>
    public required bool Stale { get; init; }

    /// <summary>False while the log's past is still being read.</summary>
    public required bool CaughtUp { get; init; }

    /// <summary>
    /// The one state that page, tiles and figures follow: <c>live</c>, <c>idle</c> when no event came and none was to be expected, <c>loading</c> while the
    /// past is read and nothing is judged, <c>silent</c> when no event came though some should have, <c>lost</c> when the source cannot be read.
    /// </summary>
    public required string Phase { get; init; }

    /// <summary>What the source is doing, in Vietnamese.</summary>
    public required string SourceState { get; init; }

    public required BoardUnitName Province { get; init; }

    /// <summary>The unit above whose board this server has too; null for the server's own unit.</summary>
    public BoardUnitName? Above { get; init; }

    /// <summary>See <see cref="BoardPlan.PageVersion"/>.</summary>
    public string PageVersion { get; init; } = "";

    public required string Period { get; init; }

    /// <summary>The period in Vietnamese.</summary>
    public required string PeriodLabel { get; init; }

    public required IReadOnlyList<BoardFigure> Figures { get; init; }

    /// <summary>The board's own unit, by figure.</summary>
    public required IReadOnlyDictionary<string, FigureCell> Headline { get; init; }

    /// <summary>The headline figures over other periods side by side.</summary>
    public IReadOnlyList<BoardSpan> Spans { get; init; } = [];

    /// <summary>The figures that count procedures.</summary>
    public IReadOnlyList<BoardProcedureFigure> ProcedureFigures { get; init; } = [];

    /// <summary>The board's own gauges, by name.</summary>
    public required IReadOnlyDictionary<string, long> Gauges { get; init; }

    public required IReadOnlyList<BoardUnit> Units { get; init; }

    /// <summary>Codes of no directory that one row stands for, see <see cref="Engine.Units.ShownUnits"/>.</summary>
    public int FoldedCodes { get; init; }

    public required BoardLowVolume LowVolume { get; init; }

    /// <summary>At most <see cref="BoardAlertCounts.MostListed"/> of the alerts, see <see cref="BoardAlertCounts"/>.</summary>
    public required IReadOnlyList<BoardAlert> Alerts { get; init; }

    /// <summary>How many alerts there are where not all are listed; null where they are.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BoardAlertCounts? AlertCounts { get; init; }

    /// <summary>All alerts, for boards that are cut out of this one; not sent.</summary>
    [JsonIgnore]
    public IReadOnlyList<BoardAlert> AllAlerts { get; init; } = [];

    public required BoardTrust Trust { get; init; }
}

/// <summary>A figure that counts procedures, of the board's own unit: it has no rows.</summary>
public sealed record BoardProcedureFigure(BoardFigure Figure, FigureCell Cell);

/// <summary>Some figures of the board's own unit over another period than the board's.</summary>
/// <param name="Period">Its name, like <c>day</c>.</param>
public sealed record BoardSpan(string Period, IReadOnlyDictionary<string, FigureCell> Cells)
{
    /// <summary>True when both would look the same.</summary>
    public bool LooksLike(BoardSpan other) => Period == other.Period && Cells.Count == other.Cells.Count
        && Cells.All(cell => other.Cells.TryGetValue(cell.Key, out var theirs) && cell.Value == theirs);
}

/// <summary>Who a board is about.</summary>
public sealed record BoardUnitName(string Code, string Name, string Kind);

/// <summary>What a figure is, for its readers.</summary>
/// <param name="Target">The rulebook's target, a ratio in 0–1; null for none and for counts.</param>
/// <param name="TargetText">The target in words, like <c>≥ 70 %</c>.</param>
public sealed record BoardFigure(string Kpi, string NameVi, string NameEn, string Basis, bool IsVolume, double? Target, string? TargetText)
{
    /// <summary>What is counted, one Vietnamese sentence.</summary>
    public string Sentence { get; init; } = "";

    /// <summary>The year in which the target has lapsed; null when it is in force, or there is none.</summary>
    public int? Lapsed { get; init; }

    /// <summary>The names of its count's items in the rulebook's order; empty for a volume.</summary>
    public IReadOnlyList<string> Items { get; init; } = [];

    /// <summary>The items that rest on a key no source has ever stated, see <see cref="NeverStated"/>: what they look at was never sent.</summary>
    public IReadOnlyList<string> NeverSent { get; init; } = [];

    /// <summary>True when both would look the same.</summary>
    public bool LooksLike(BoardFigure other) =>
        this with { Items = other.Items, NeverSent = other.NeverSent } == other && Items.SequenceEqual(other.Items) && NeverSent.SequenceEqual(other.NeverSent);
}

/// <summary>One row of the board.</summary>
/// <param name="Known">False for a code that is in no directory.</param>
/// <param name="Open">Open cases now.</param>
/// <param name="Overdue">Of them, past their deadline.</param>
public sealed record BoardUnit(
    string Code, string Name, string Kind, bool Known, IReadOnlyDictionary<string, FigureCell> Cells, long Open, long Overdue)
{
    /// <summary>How many units are right below it, which have a board of their own on this server; 0 for a leaf.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Below { get; init; }
}

/// <summary>The literal low-volume rule of the July 2025 letter and the units it names.</summary>
/// <param name="JudgedOn">The date it is judged on; null when judged continually.</param>
/// <param name="Judged">True once that day has ended.</param>
public sealed record BoardLowVolume(long FewerThan, string Since, string? JudgedOn, bool Judged, IReadOnlyList<BoardLowVolumeUnit> Units)
{
    /// <summary>The most units that are listed.</summary>
    public const int MostListed = 200;

    /// <summary>How many units there are where not all are listed; null where they are.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Count { get; init; }

    /// <summary>False while nothing can be said of any unit: an empty list then does not mean that there is none.</summary>
    public bool Known { get; init; } = true;
}

/// <summary>A unit with hardly any cases.</summary>
public sealed record BoardLowVolumeUnit(string Code, string Name, long Count);

/// <summary>An alert as the board shows it.</summary>
/// <param name="UnitName">Whom it is about, with its kind: a unit, a source, a wallboard.</param>
/// <param name="Text">What was found, in Vietnamese.</param>
public sealed record BoardAlert(string Rule, string Unit, string UnitName, string State, string Since, string Text)
{
    public AlertKind Kind { get; init; }

    /// <summary>The figure it is about; empty where it is about none.</summary>
    public string Figure { get; init; } = "";

    /// <summary>What was found, in English.</summary>
    public string TextEn { get; init; } = "";
}

/// <summary>Why the figures can be believed: what they rest on and what was left out.</summary>
/// <param name="RejectedToday">Rejected records that came in since local midnight.</param>
/// <param name="LateToday">Late events, likewise.</param>
/// <param name="Lag">Records known to exist and not yet read.</param>
/// <param name="RejectedReasons">The most frequent of <paramref name="RejectedToday"/>, most frequent first.</param>
/// <param name="SelfCheck">The last recount of the log while serving; null where none is made.</param>
/// <param name="Notes">Clocks that are wrong, in Vietnamese.</param>
/// <param name="Sources">Which sources are heard of, those that are not first; null while the past is read.</param>
public sealed record BoardTrust(
    string Rulebook, string Directory, long Events, long RejectedToday, long LateToday, long Duplicates, long Lag, IReadOnlyList<BoardLag> Partitions,
    IReadOnlyList<BoardReject> RejectedReasons, BoardSelfCheck? SelfCheck = null, IReadOnlyList<string>? Notes = null,
    IReadOnlyList<BoardSource>? Sources = null)
{
    /// <summary>How soon events of the last minutes were on the board.</summary>
    public BoardLatency Latency { get; init; } = BoardLatency.None;

    /// <summary>The alert rules in force, with their version and the first digits of their hash; null where none are said.</summary>
    public string? AlertRules { get; init; }

    /// <summary>The working calendar with what units add to it, likewise.</summary>
    public string? Calendar { get; init; }
}

/// <summary>
/// How long after their timestamps live events of the last minutes reached something. A member is null where none did lately; a delta has all of them anew.
/// </summary>
/// <param name="Applied">Until they were counted.</param>
/// <param name="Published">Until they were in a published frame.</param>
/// <param name="Received">Until that frame was with a wallboard, of the oldest event in it; null while nobody follows the board.</param>
public sealed record BoardLatency(BoardWithin? Applied, BoardWithin? Published, BoardWithin? Received)
{
    /// <summary>Nothing was measured lately.</summary>
    public static BoardLatency None { get; } = new(null, null, null);
}

/// <summary>Within how many milliseconds, to two digits, half of the events (<c>p50</c>) and 99 of 100 (<c>p99</c>) came.</summary>
public sealed record BoardWithin(long P50, long P99);

/// <summary>A source of events, and whether it is heard of.</summary>
/// <param name="Name">Its name; empty for those without one, and all beyond the first 64, together.</param>
/// <param name="State">
/// <c>live</c>, <c>idle</c> (no event, and none was to be expected), <c>silent</c> (no event though some should have come) or <c>gone</c> (none for 30 days).
/// </param>
/// <param name="LastArrival">The minute in which its last event arrived, local time.</param>
/// <param name="Text">The same in Vietnamese, with its name.</param>
public sealed record BoardSource(string Name, string State, string LastArrival, string Text)
{
    /// <summary>The most sources on a board; the API has all.</summary>
    public const int MostShown = 16;
}

/// <summary>A unit's day counted again from the log, beside what was shown for it.</summary>
/// <param name="Verdict">
/// <c>pending</c> before the first, <c>equal</c>, <c>different</c>, <c>damaged</c> (the log is not what was read of it), <c>incomplete</c> (it begins
/// later now),
/// <c>unreadable</c> or <c>too_large</c>.
/// </param>
/// <param name="At">The instant both figures are of, local time to the second; empty before the first.</param>
/// <param name="Unit">The unit's code.</param>
/// <param name="UnitName">Its kind and name.</param>
/// <param name="Day">The local day, like <c>2025-07-15</c>.</param>
/// <param name="Differences">The figures that differ.</param>
public sealed record BoardSelfCheck(string Verdict, string At, string Unit, string UnitName, string Day, IReadOnlyList<BoardDifference> Differences)
{
    /// <summary>Before the first.</summary>
    public static readonly BoardSelfCheck Pending = new("pending", "", "", "", "", []);
}

/// <summary>A figure for which board and recount differ; numerators are null for volumes.</summary>
/// <param name="Kpi">The figure.</param>
/// <param name="D">Denominator shown.</param>
/// <param name="N">Numerator shown.</param>
/// <param name="CountedD">Denominator counted again.</param>
/// <param name="CountedN">Numerator counted again.</param>
public sealed record BoardDifference(string Kpi, long D, long? N, long CountedD, long? CountedN);

/// <summary>How many records were rejected for one reason.</summary>
/// <param name="Reason">The reason without its key, like <c>bad_value</c>.</param>
/// <param name="Key">The key's name; null where the reason has none.</param>
public sealed record BoardReject(string Reason, string? Key, long Count)
{
    /// <summary>The most reasons on a board; the rest is in their sum and in the metrics.</summary>
    public const int MostShown = 5;
}

/// <summary>How far behind one source partition is.</summary>
public sealed record BoardLag(string Name, long Lag);

using System.Text.Json.Serialization;

namespace KpiStream.Ingest.Host.Serving.Api;

/// <summary>A figure of one unit over one period, with what its cases lack.</summary>
/// <param name="Unobserved">Cases that may belong to the numerator: nothing fails and some facts were never stated; null for a volume.</param>
/// <param name="Value">The ratio, which is the lower bound of the true one.</param>
/// <param name="AtMost">The upper bound of the true ratio.</param>
/// <param name="Low">The lower bound of the Wilson 95 % interval; null without a ratio.</param>
/// <param name="High">Its upper bound.</param>
/// <param name="Target">The target in force on the period's last day, or today if that is earlier: a ratio, or for a volume a count.</param>
/// <param name="Lapsed">The year in which the target has lapsed; null when it is in force, or there is none.</param>
/// <param name="Missing">By item of the figure's count: cases in the denominator that do not meet it, or of which it is unknown.</param>
/// <param name="MissingSets">By exact set of items missing; the names are joined by <c>+</c>.</param>
internal sealed record FigureAnswer(
    string Kpi, string Unit, string Period, long Denominator, long? Numerator, long? Unobserved, double? Value, double? AtMost, double? Low, double? High,
    FigureState State,
    double? Target, int? Lapsed, IReadOnlyDictionary<string, long> Missing, IReadOnlyDictionary<string, long> MissingSets)
{
    private static readonly Dictionary<string, long> Nothing = [];

    /// <summary>The first local day; of a sliding period the instant before its first second, local time.</summary>
    public required string From { get; init; }

    /// <summary>The last local day, which may lie ahead; of a sliding period its last second.</summary>
    public required string To { get; init; }

    /// <summary>True once the last day has ended; late events and corrections may still change what was counted.</summary>
    public required bool Closed { get; init; }

    /// <summary>The version of the figure's rule.</summary>
    public required int RuleVersion { get; init; }

    /// <summary>The rulebook's name and version.</summary>
    public required string Rulebook { get; init; }

    /// <summary>The version of the directory of units.</summary>
    public required string Directory { get; init; }

    /// <summary>Of a figure that counts procedures, those missing in the numerator, the ones with most cases first; null for all others.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ProcedureAnswer>? Procedures { get; init; }

    public static FigureAnswer Of(FigureDefinition figure, string unit, Period period, AnsweredSpan span, FigureCell cell, AppliedTarget? target) => new(
        figure.Id, unit, period.Name, cell.D, cell.N, figure.IsVolume ? null : cell.U ?? 0, cell.V, cell.Most
            ?? cell.V, cell.Lo, cell.Hi, cell.S, target?.Target.Value, cell.Lapsed, Nothing, Nothing)
    {
        From = span.From,
        To = span.To,
        Closed = span.Closed,
        RuleVersion = figure.Version,
        Rulebook = span.Rulebook,
        Directory = span.Directory,
    };
}

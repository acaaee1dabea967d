namespace KpiStream.Ingest.Host.Serving.Api;

/// <summary>Figures of one unit over time: <c>GET /api/v1/series</c>. Always this shape, for one figure and for several.</summary>
/// <param name="Now">The instant all points are of, local time to the second.</param>
/// <param name="Series">One for each figure asked for, in that order.</param>
internal sealed record SeriesAnswer(string Now, IReadOnlyList<FigureSeries> Series);

/// <summary>One figure over time.</summary>
/// <param name="UnitName">In Vietnamese.</param>
/// <param name="Step"><c>day</c>, <c>week</c> (Monday to Sunday), <c>month</c>, <c>quarter</c> or <c>year</c>.</param>
/// <param name="RuleVersion">Of the figure.</param>
/// <param name="Rulebook">Its name and version.</param>
/// <param name="Directory">The version of the directory of units.</param>
/// <param name="Points">Oldest first, without a gap.</param>
internal sealed record FigureSeries(
    string Kpi, string Unit, string UnitName, string Step, int RuleVersion, string Rulebook, string Directory, IReadOnlyList<SeriesPoint> Points);

/// <summary>A figure over one stretch of local days: what <c>/api/v1/figures</c> says of the range from..to.</summary>
/// <param name="From">The first day.</param>
/// <param name="To">The last day, which may lie ahead.</param>
/// <param name="Closed">True once the last day has ended; late events and corrections may still change a closed point.</param>
/// <param name="Numerator">Null for a volume.</param>
/// <param name="Unobserved">Cases that may belong to the numerator; null for a volume.</param>
/// <param name="Value">The ratio, which is the lower bound of the true one; null for a volume and without cases.</param>
/// <param name="Most">The upper bound of the true ratio.</param>
/// <param name="Lo">The lower bound of the Wilson 95 % interval.</param>
/// <param name="Hi">Its upper bound.</param>
/// <param name="Target">The target in force on the last day, or today if that is earlier.</param>
/// <param name="Lapsed">The year in which the target has lapsed; null while it is in force.</param>
internal sealed record SeriesPoint(
    DateOnly From, DateOnly To, bool Closed, long Denominator, long? Numerator, long? Unobserved, double? Value, double? Most, double? Lo, double? Hi,
    double? Target, int? Lapsed, FigureState State)
{
    public static SeriesPoint Of(FigureDefinition figure, Period range, bool closed, FigureCell cell, AppliedTarget? target) => new(
        range.From, range.To, closed, cell.D, cell.N, figure.IsVolume ? null : cell.U ?? 0, cell.V, cell.Most ?? cell.V, cell.Lo, cell.Hi,
        target?.Target.Value, cell.Lapsed, cell.S);
}

using KpiStream.Engine.Kpis;
using KpiStream.Engine.Units;
using KpiStream.Engine.Windowing;

namespace KpiStream.Engine.Boards;

/// <summary>What is known at the instant of a frame.</summary>
/// <param name="Now">Milliseconds since 1970 UTC.</param>
/// <param name="DataTime">The newest event time, milliseconds; null before the first event.</param>
/// <param name="Stale">True when the source has not been heard of for too long.</param>
/// <param name="CaughtUp">False while the log's past is still being read.</param>
/// <param name="SourceState">What the source is doing, in Vietnamese.</param>
/// <param name="Totals">The board's period, parents included.</param>
/// <param name="LowVolume">The low-volume list's days, parents included.</param>
/// <param name="Gauges">Gauges, parents included.</param>
/// <param name="Trust">The trust line.</param>
/// <param name="Phase">As in <see cref="BoardFrame.Phase"/>.</param>
public sealed record BoardMoment(
    long Now, long? DataTime, bool Stale, bool CaughtUp, string SourceState, UnitTotals Totals, UnitTotals LowVolume,
    UnitTotals Gauges, IReadOnlyList<BoardAlert> Alerts, BoardTrust Trust, string Phase = "live")
{
    /// <summary>See <see cref="ShownUnits.Folded"/>.</summary>
    public int FoldedCodes { get; init; }

    /// <summary>The days of which the log has records.</summary>
    public ObservedDays Days { get; init; } = new();

    /// <summary>
    /// The keys that any source has stated, a bit for each <see cref="CaseKey"/>: what <see cref="NeverStated"/> is asked with. All of them where
    /// that is not known.
    /// </summary>
    public uint StatedKeys { get; init; } = uint.MaxValue;

    /// <summary>The sums of <see cref="BoardPlan.Spans"/> that are kept, parents included.</summary>
    public IReadOnlyList<(Period Period, UnitTotals Totals)> Spans { get; init; } = [];

    /// <summary><see cref="ProcedureFigures.PaidNationally"/> of the board's unit and period; null where it is not counted over that period.</summary>
    public FigureCount? ProceduresPaid { get; init; }
}

/// <summary>
/// Makes frames, from sums to what is shown: a function of the moment alone. The units of the frame before are remembered only so that those that count the
/// same are not judged again. Owned by the publisher.
/// </summary>
public sealed class BoardBuilder(BoardPlan plan)
{
    private readonly IReadOnlyList<UnitRow> rows = BoardPlan.RowsBelow(plan.Directory, plan.Top.Code);
    private readonly IReadOnlyList<UnitRow> communes =
        [.. plan.Directory.Rows.Where(row => row.IsCommune && plan.Directory.IsShownAtZero(row) && plan.Directory.Above(row.Code).Contains(plan.Top.Code))];

    /// <summary>How many rows each unit has below it.</summary>
    private readonly Dictionary<string, int> below = plan.Directory.Rows.Where(static row => row is { Parent: not null, ValidTo: null })
        .CountBy(static row => row.Parent!).ToDictionary();

    private readonly BoardUnitName? above = AboveOf(plan);

    /// <summary>Codes of no directory are listed where they are counted.</summary>
    private readonly bool listsUnlisted = plan.Directory.UnlistedParent is not { } parent || plan.Directory.IsAtOrBelow(parent, plan.Top.Code);

    private readonly HashSet<string> deeper = DeeperThanRows(plan);

    private Shown? shown;
    private (IReadOnlyList<BoardAlert> All, IReadOnlyList<BoardAlert> Listed, BoardAlertCounts? Counts) alerts = ([], [], null);

    /// <summary>The frame of a moment.</summary>
    public BoardFrame Build(long id, BoardMoment moment)
    {
        var today = LocalTime.DateOf(LocalTime.DayOf(moment.Now));
        var judge = new CellReader(plan, plan.Period, moment.Totals, moment, today);
        var units = UnitsOf(judge, moment, today);
        if (!alerts.All.SequenceEqual(moment.Alerts))
        {
            var (listed, counts) = BoardAlertCounts.Cut(moment.Alerts, deeper.Contains);
            alerts = (moment.Alerts, listed, counts);
        }

        return new BoardFrame
        {
            Id = id,
            Demo = plan.Demo,
            Now = InstantText.ToLocalSeconds(moment.Now),
            DataTime = moment.DataTime is { } newest ? InstantText.ToLocalMillis(newest) : null,
            StaleAfterSeconds = plan.StaleAfterSeconds,
            Stale = moment.Stale,
            CaughtUp = moment.CaughtUp,
            Phase = moment.Phase,
            SourceState = moment.SourceState,
            Province = new BoardUnitName(plan.Top.Code, plan.Top.Name, plan.Top.Kind),
            Above = above,
            PageVersion = plan.PageVersion,
            Period = plan.Period.Name,
            PeriodLabel = PeriodText.Of(plan.Period, today),
            Figures = [.. plan.Rules.Figures.Select(
                figure => Describe(figure, judge.TargetOf(figure), moment.Totals.LanesOf(plan.Top.Code, figure), moment.StatedKeys))],
            Headline = judge.CellsOf(plan.Top.Code),
            Spans = [.. moment.Spans.Select(span => new BoardSpan(
                span.Period.Name, new CellReader(plan, span.Period, span.Totals, moment, today).CellsOf(plan.Top.Code, BoardPlan.SpanFigures)))],
            ProcedureFigures = [.. ProcedureFigures.All.Where(figure => figure != ProcedureFigures.PaidNationally || moment.ProceduresPaid is not null).Select(
                figure => judge.OfProcedures(figure, figure == ProcedureFigures.PaidNationally ? moment.ProceduresPaid : null))],
            Gauges = Enum.GetValues<Gauge>().ToDictionary(Gauges.NameOf, gauge => (long)moment.Gauges.Of(plan.Top.Code, gauge)),
            Units = units,
            FoldedCodes = listsUnlisted ? moment.FoldedCodes : 0,
            LowVolume = LowVolumeOf(moment, today),
            Alerts = alerts.Listed,
            AlertCounts = alerts.Counts,
            AllAlerts = alerts.All,
            Trust = moment.Trust,
        };
    }

    private static HashSet<string> DeeperThanRows(BoardPlan plan)
    {
        var listed = BoardPlan.RowsBelow(plan.Directory, plan.Top.Code).Select(static row => row.Code).ToHashSet();
        return [.. plan.Directory.Rows.Select(static row => row.Code).Where(code => !listed.Contains(code) && plan.Directory.Above(code).Any(listed.Contains))];
    }

    private static BoardUnitName? AboveOf(BoardPlan plan)
    {
        var own = BoardPlan.TopOf(plan.Directory);
        return plan.Top != own && plan.Directory.Find(plan.Top.Parent ?? "") is { } row && plan.Directory.IsAtOrBelow(row.Code, own.Code)
            ? new BoardUnitName(row.Code, row.Name, row.Kind) : null;
    }

    private IReadOnlyList<BoardUnit> UnitsOf(CellReader judge, BoardMoment moment, DateOnly today)
    {
        var before = shown is { } last && last.Today == today && last.HasData == judge.HasData ? last : null;
        if (before is not null && before.Totals == moment.Totals && before.Gauges == moment.Gauges)
        {
            return before.Units;
        }

        BoardUnit Unit(string code, string name, string kind, bool known) =>
            before?.Find(code, moment)
                ?? new(code, name, kind, known, judge.CellsOf(code), moment.Gauges.Of(code, Gauge.Open), moment.Gauges.Of(code, Gauge.Overdue))
                {
                    Below = below.GetValueOrDefault(code),
                };

        BoardUnit[] units =
        [
            .. rows.Select(row => Unit(row.Code, row.Name, row.Kind, known: true)),
            .. Unlisted(moment).Select(code => Unit(code, NameOfUnlisted(code), "ngoài danh mục", known: false)),
        ];
        shown = new Shown(moment.Totals, moment.Gauges, judge.HasData, today, units);
        return units;
    }

    /// <summary>Codes of no directory with anything counted or open; <see cref="ShownUnits"/> has bounded them.</summary>
    private IEnumerable<string> Unlisted(BoardMoment moment) => !listsUnlisted ? [] : moment.Totals.Units.Union(moment.Gauges.Units)
        .Where(code => plan.Directory.Find(code) is null)
        .Order();

    private static string NameOfUnlisted(string code) => code switch
    {
        UnitDirectory.Unstated => "Không ghi đơn vị",
        ShownUnits.Others => "Mã ngoài danh mục khác",
        _ => code,
    };

    private static BoardFigure Describe(FigureDefinition figure, AppliedTarget? applied) => new(
        figure.Id, figure.NameVi, figure.NameEn, figure.Basis, figure.IsVolume,
        applied is { Target: { Comparison: TargetComparison.AtLeast } target } ? target.Value : null, applied is { } shown ? TargetText.Of(shown.Target) : null)
    {
        Sentence = figure.Sentence,
        Lapsed = applied?.Lapsed,
    };

    private static BoardFigure Describe(CompiledFigure figure, AppliedTarget? applied, ReadOnlySpan<int> lanes, uint statedKeys)
    {
        // Without counts of keys, what is known of no case at all is the next best answer.
        List<string> items = [.. (figure.Definition.Count ?? []).Select(item => item.Name)];
        var (_, unknown) = MissingConditions.Unknown(figure, lanes);
        return Describe(figure.Definition, applied) with
        {
            Items = items,
            NeverSent = statedKeys == uint.MaxValue ? [.. items.Where((_, item) => (unknown & (1 << item)) != 0)]
                : NeverStated.Items(figure.Definition, statedKeys),
        };
    }

    private BoardLowVolume LowVolumeOf(BoardMoment moment, DateOnly today)
    {
        var low = plan.LowVolume;
        var figure = plan.Rules.Figures.FirstOrDefault(known => known.Definition.Id == low.Figure);
        var counted = communes.Select(
            row => new BoardLowVolumeUnit(row.Code, row.Name, figure is null ? 0 : moment.LowVolume.Of(row.Code, figure).Denominator));

        // Before the data is complete, or the days counted begin, every unit would look silent; so would it over days that the log does not cover.
        var isJudged = low.JudgedOn is null || today > low.JudgedOn;
        var isCovered = figure is not null
            && (low.JudgedOn is null || !isJudged || moment.Days.Cover(low.Since, low.JudgedOn.Value, plan.Rules.Rulebook.Calendar));
        var speaks = isCovered && today >= low.Since && moment is { CaughtUp: true, DataTime: not null };
        List<BoardLowVolumeUnit> few =
            speaks ? [.. counted.Where(unit => unit.Count < low.FewerThan).OrderBy(unit => unit.Count).ThenBy(unit => unit.Code)] : [];
        return new BoardLowVolume(
            low.FewerThan, PeriodText.Iso(low.Since), low.JudgedOn is { } day ? PeriodText.Iso(day) : null, isJudged,
            [.. few.Take(BoardLowVolume.MostListed)])
        {
            Count = few.Count > BoardLowVolume.MostListed ? few.Count : null,
            Known = speaks,
        };
    }

    /// <summary>Judges one moment's figures.</summary>
    private sealed class CellReader(BoardPlan plan, Period period, UnitTotals totals, BoardMoment moment, DateOnly today)
    {
        private readonly DateOnly judgedOn = PeriodText.LastDay(period, today);
        private readonly AppliedTarget?[] common = TargetsOf(plan.Rules, period.HasBegunOn(today) ? PeriodText.LastDay(period, today) : null);

        /// <summary>False while nothing may be judged.</summary>
        public bool HasData { get; } = moment is { Stale: false, CaughtUp: true, DataTime: not null };

        /// <summary>The rulebook's target; none for days that have not begun.</summary>
        public AppliedTarget? TargetOf(CompiledFigure figure) => common[figure.Number];

        /// <param name="only">The figures wanted; null for all.</param>
        public FigureCells CellsOf(string unit, IReadOnlySet<string>? only = null)
        {
            var cells = new FigureCell[plan.Rules.Figures.Count];
            var lanes = totals.LanesOf(unit);
            string[] units = plan.Rules.Rulebook.UnitTargets.Rows.Count == 0 ? [] : [unit, .. plan.Directory.Above(unit)];
            foreach (var figure in plan.Rules.Figures)
            {
                if (only is null || only.Contains(figure.Definition.Id))
                {
                    cells[figure.Number] = CellOf(figure, figure.Of(lanes), units);
                }
            }

            var made = FigureCells.Of(plan.Rules.FigureIds, cells);
            return only is null ? made : made.Only(only);
        }

        /// <summary>A figure that counts procedures, with what was counted; without, what the catalogue says.</summary>
        public BoardProcedureFigure OfProcedures(FigureDefinition figure, FigureCount? counted)
        {
            var target = period.HasBegunOn(today)
                ? plan.Rules.Rulebook.UnitTargets.On(figure, plan.Directory.Above(plan.Top.Code).Prepend(plan.Top.Code), judgedOn)
                : null;
            var cell = FigureJudge.Judge(figure, period, counted ?? plan.Catalogue.OfferedOnline, target, HasData || counted is null);
            return new BoardProcedureFigure(Describe(figure, target), cell);
        }

        /// <param name="day">The day they are judged on; null for days that have not begun.</param>
        private static AppliedTarget?[] TargetsOf(CompiledRulebook rules, DateOnly? day) =>
            [.. rules.Figures.Select(figure => day is { } judged ? figure.Definition.TargetOn(judged) : null)];

        /// <param name="lanes">The figure's.</param>
        /// <param name="units">The unit and those above it, nearest first; empty where no unit has a target of its own.</param>
        private FigureCell CellOf(CompiledFigure figure, ReadOnlySpan<int> lanes, string[] units)
        {
            var target = units.Length == 0 || !period.HasBegunOn(today) ? TargetOf(figure)
                : plan.Rules.Rulebook.UnitTargets.On(figure.Definition, units, judgedOn);
            var cell = FigureJudge.Judge(figure.Definition, period, figure.Sum(lanes), target, HasData);
            if (cell.U is not null)
            {
                cell = cell with { X = MissingConditions.Unknown(figure, lanes).InSome };
            }

            return target == TargetOf(figure) ? cell : cell with { T = target?.Target.Value };
        }
    }

    /// <summary>The units of a frame and what they were made of.</summary>
    private sealed class Shown(UnitTotals totals, UnitTotals gauges, bool hasData, DateOnly today, IReadOnlyList<BoardUnit> units)
    {
        private readonly Dictionary<string, BoardUnit> byCode = units.ToDictionary(static unit => unit.Code);

        public UnitTotals Totals => totals;

        public UnitTotals Gauges => gauges;

        public bool HasData => hasData;

        public DateOnly Today => today;

        public IReadOnlyList<BoardUnit> Units => units;

        /// <summary>A unit as it was shown; null when it would look different now.</summary>
        public BoardUnit? Find(string code, BoardMoment now) =>
            byCode.TryGetValue(code, out var unit) && totals.IsSame(code, now.Totals)
            && unit.Open == now.Gauges.Of(code, Gauge.Open) && unit.Overdue == now.Gauges.Of(code, Gauge.Overdue) ? unit : null;
    }
}

using System.Globalization;
using System.Text.Json.Serialization;
using KpiStream.Engine.Boards;
using KpiStream.Engine.Kpis;
using KpiStream.Engine.Pipeline;
using KpiStream.Engine.Time;
using KpiStream.Engine.Units;
using KpiStream.Engine.Windowing;
using KpiStream.Ingest.Sources.Configuration;

namespace KpiStream.Ingest.Host.Serving;

/// <summary>A question for figures: which, of whom, over what. Anything left out means all.</summary>
internal sealed record FigureQuestion(string? Kpi, string? Unit, Period Period, DateOnly? On)
{
    private const int MostUnitsNamed = 3;

    private static readonly string[] Calendar = ["day", "month", "quarter", "year"];

    /// <summary>Reads the query string; the mistake is a sentence for the asker.</summary>
    public static (FigureQuestion? Question, string Mistake) Read(string? kpi, string? unit, string period, string? on, StreamEngine engine)
    {
        List<string> figures = [.. engine.Rules.Figures.Select(figure => figure.Definition.Id), .. ProcedureFigures.All.Select(figure => figure.Id)];
        if (kpi is not null && !figures.Contains(kpi))
        {
            return (null, $"There is no figure '{kpi}': {Suggestion.Sentence(kpi, figures)}.");
        }

        if (unit is not null && engine.Options.Directory.Find(unit) is null && unit != UnitDirectory.Unstated && engine.Options.Codes.Units.Find(unit) == 0)
        {
            return (null, $"There is no unit '{unit}' in the directory, and no event has named it. {NearestUnits(unit, engine.Options.Directory)}Look codes up with /api/v1/units?q=.");
        }

        if (ProcedureFigures.All.Any(figure => figure.Id == kpi) && ProcedureAnswers.MistakeIn(kpi!, unit, engine.Options.Directory) is { } mistake)
        {
            return (null, mistake);
        }

        if (Period.TryParse(period) is not { Kind: not PeriodKind.Now } read)
        {
            return (null, $"'{period}' is no period: {Suggestion.Sentence(period, [.. Calendar, .. engine.Options.Sliding.Select(kept => kept.Name)])}, since:2025-07-01, 2025-07-03..2025-07-20.");
        }

        if (read.Kind == PeriodKind.Sliding && engine.Options.Sliding.All(kept => kept.Seconds != read.Seconds))
        {
            return (null, $"The period {period} is not kept. Kept: {string.Join(", ", engine.Options.Sliding.Select(kept => kept.Name))}; set 'windows' to change that.");
        }

        DateOnly? anchor = null;
        if (on is not null)
        {
            if (!DateOnly.TryParseExact(on, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            {
                return (null, $"'{on}' is no date. Write it like 2025-07-15.");
            }

            if (read.Kind is PeriodKind.Sliding or PeriodKind.Since or PeriodKind.Range)
            {
                return (null, $"'on' picks which day, month, quarter or year is meant; the period {period} says itself when it is. Leave 'on' out.");
            }

            anchor = day;
        }

        return (new FigureQuestion(kpi, unit, read, anchor), "");
    }

    /// <summary>Asks all shards and gives one row per figure and unit.</summary>
    public async Task<IReadOnlyList<FigureAnswer>> AnswerAsync(StreamEngine engine, long now, bool hasData, CancellationToken cancel)
    {
        var reading = await EngineReading.TakeAsync(engine, [Period], now, On, cancel, alone: Unit);
        var totals = reading.Of(Period)!;
        var today = LocalTime.DateOf(LocalTime.DayOf(now));

        // Null for a period that has not begun: what cannot have been counted yet breaches nothing.
        DateOnly? judgedOn = Period.HasBegunOn(today) ? PeriodText.LastDay(Period, On ?? today, today) : null;
        var units = Unit is not null
            ? [Unit]
            : engine.Options.Directory.Rows.Where(row => row.ValidTo is null).Select(row => row.Code).Union(totals.Units, StringComparer.Ordinal);
        return
        [
            .. from figure in engine.Rules.Figures
               where Kpi is null || figure.Definition.Id == Kpi
               from unit in units
               select Answer(engine, figure, unit, totals, judgedOn, hasData),
            .. ProcedureAnswers.Of(this, engine, reading.Procedures!, judgedOn, hasData),
        ];
    }

    /// <summary>Units of that name, or of a code like that, in a sentence; empty when there are none.</summary>
    private static string NearestUnits(string text, UnitDirectory directory)
    {
        var named = UnitSearch.Find(directory, text).Take(MostUnitsNamed).ToList();
        var near = named.Count > 0 ? named : [.. Suggestion.Nearest(text, directory.Rows.Select(row => row.Code), MostUnitsNamed).Select(code => directory.Find(code)!)];
        return near.Count == 0 ? "" : $"Did you mean {string.Join(", ", near.Select(row => $"{row.Code} ({row.Name})"))}? ";
    }

    private FigureAnswer Answer(StreamEngine engine, CompiledFigure figure, string unit, UnitTotals totals, DateOnly? judgedOn, bool hasData)
    {
        var units = engine.Options.Directory.Above(unit).Prepend(unit);
        var target = judgedOn is { } day ? engine.Options.Rulebook.UnitTargets.On(figure.Definition, units, day) : null;
        var cell = FigureJudge.Judge(figure.Definition, Period, totals.Of(unit, figure), target, hasData);
        return FigureAnswer.Of(figure.Definition, unit, Period, cell, target) with
        {
            Missing = MissingConditions.Items(figure, totals.LanesOf(unit, figure)),
            MissingSets = MissingConditions.Sets(figure, totals.LanesOf(unit, figure)),
        };
    }
}

/// <summary>A figure of one unit over one period, with what its cases lack.</summary>
/// <param name="Unobserved">Cases that may belong to the numerator: nothing fails and some facts were never stated; null for a volume.</param>
/// <param name="Value">The ratio, which is the lower bound of the true one.</param>
/// <param name="AtMost">The upper bound of the true ratio.</param>
/// <param name="Lapsed">The year in which the target has lapsed; null when it is in force, or there is none.</param>
/// <param name="Missing">By item of the figure's count: cases in the denominator that do not meet it, or of which it is unknown.</param>
/// <param name="MissingSets">By exact set of items missing; the names are joined by <c>+</c>.</param>
internal sealed record FigureAnswer(
    string Kpi, string Unit, string Period, long Denominator, long? Numerator, long? Unobserved, double? Value, double? AtMost, double? Low, double? High, FigureState State,
    double? Target, int? Lapsed, IReadOnlyDictionary<string, long> Missing, IReadOnlyDictionary<string, long> MissingSets)
{
    private static readonly Dictionary<string, long> Nothing = [];

    /// <summary>Of a figure that counts procedures, those missing in the numerator, the ones with most cases first; null for all others.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ProcedureAnswer>? Procedures { get; init; }

    public static FigureAnswer Of(FigureDefinition figure, string unit, Period period, FigureCell cell, AppliedTarget? target) => new(
        figure.Id, unit, period.Name, cell.D, cell.N, figure.IsVolume ? null : cell.U ?? 0, cell.V, cell.Most ?? cell.V, cell.Lo, cell.Hi, cell.S, target?.Target.Value, cell.Lapsed, Nothing, Nothing);
}

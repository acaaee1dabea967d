using KpiStream.Ingest.Host.Serving.Boards;
using KpiStream.Ingest.Host.Serving.Http;

namespace KpiStream.Ingest.Host.Serving.Api;

/// <summary>A question for figures: which, of whom, over what. Anything left out means all.</summary>
internal sealed record FigureQuestion(string? Kpi, string? Unit, Period Period, DateOnly? On)
{
    /// <summary>The list's name in cursors.</summary>
    public const string List = "figures";

    private static readonly string[] Calendar = ["day", "month", "quarter", "year"];

    /// <summary>Reads the query string; the mistake is a sentence for the asker.</summary>
    public static (FigureQuestion? Question, string Mistake) Read(string? kpi, string? unit, string period, string? on, StreamEngine engine)
    {
        if (AskedNames.MistakeIn(kpi, unit, engine) is { } mistake)
        {
            return (null, mistake);
        }

        if (Period.TryParse(period) is not { Kind: not PeriodKind.Now } read)
        {
            var known = Suggestion.Sentence(period, [.. Calendar, .. engine.Options.Sliding.Select(kept => kept.Name)]);
            return (null, $"'{period}' is no period: {known}, since:2025-07-01, 2025-07-03..2025-07-20.");
        }

        if (read.Kind == PeriodKind.Sliding && engine.Options.Sliding.All(kept => kept.Seconds != read.Seconds))
        {
            return (null, $"The period {period} is not kept. Kept: {string.Join(", ", engine.Options.Sliding.Select(kept => kept.Name))}; set "
                + $"'windows' to change that.");
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

    /// <summary>True for a page that begins anywhere in this question's answer.</summary>
    public bool Knows(Page page, StreamEngine engine) =>
        page.After is null || (page.After.Split('\n', 2) is [var kpi, { Length: > 0 } unit] && (Kpi is null || kpi == Kpi) && (Unit is null || unit == Unit)
            && engine.Rules.Figures.Select(static figure => figure.Definition.Id)
            .Concat(ProcedureFigures.All.Select(static figure => figure.Id)).Contains(kpi));

    /// <summary>
    /// Asks all shards and gives one row per figure and unit: figures in the rulebook's order, of each the directory's units in the directory's order, then the
    /// other codes by their bytes. Every page is of its own instant.
    /// </summary>
    /// <param name="saysMissing">False to leave out what cases lack.</param>
    public async Task<PageOf<FigureAnswer>> AnswerAsync(
        StreamEngine engine, long now, bool hasData, Page page, CancellationToken cancel, bool saysMissing = true)
    {
        var reading = await EngineReading.TakeAsync(engine, [Period], now, On, cancel, alone: Unit);
        var totals = reading.Of(Period)!;
        var today = LocalTime.DateOf(LocalTime.DayOf(now));
        var span = AnsweredSpan.Of(Period, On, reading.Now, engine.Options);

        // Null for a period that has not begun: what cannot have been counted yet breaches nothing.
        DateOnly? judgedOn = Period.HasBegunOn(today) ? PeriodText.LastDay(Period, On ?? today, today) : null;
        var rows = from cell in Behind(page, Asked(engine), UnitsOf(engine.Options.Directory, totals))
                   select Answer(engine, cell.Figure, cell.Unit, totals, judgedOn, hasData, span, saysMissing);
        var ofProcedures = ProcedureAnswers.Of(this, engine, reading.Procedures!, judgedOn, hasData, span);
        return page.Cut(rows.Concat(Behind(page, ofProcedures)), List, KeyOf);
    }

    private static string KeyOf(FigureAnswer row) => $"{row.Kpi}\n{row.Unit}";

    /// <summary>All, when the page begins among the figures of cases, which stand before them. The directory's provinces do not change.</summary>
    private static IEnumerable<FigureAnswer> Behind(Page page, IEnumerable<FigureAnswer> ofProcedures) =>
        IsOfProcedures(page) ? ofProcedures.SkipWhile(row => KeyOf(row) != page.After).Skip(1) : ofProcedures;

    private static bool IsOfProcedures(Page page) =>
        ProcedureFigures.All.Any(figure => page.After?.StartsWith($"{figure.Id}\n") == true);

    private List<CompiledFigure> Asked(StreamEngine engine) => [.. engine.Rules.Figures.Where(figure => Kpi is null || figure.Definition.Id == Kpi)];

    private List<string> UnitsOf(UnitDirectory directory, UnitTotals totals)
    {
        if (Unit is not null)
        {
            return [Unit];
        }

        var listed = directory.Rows.Where(static row => row.ValidTo is null).Select(static row => row.Code).ToList();
        return [.. listed, .. totals.Units.Except(listed).Order()];
    }

    /// <summary>The cells of the answer behind the one that a page begins after, which may have gone since.</summary>
    private static IEnumerable<(CompiledFigure Figure, string Unit)> Behind(Page page, List<CompiledFigure> figures, List<string> units)
    {
        if (IsOfProcedures(page))
        {
            return [];
        }

        if (page.After?.Split('\n', 2) is not [var kpi, var last])
        {
            return figures.SelectMany(_ => units, static (figure, unit) => (figure, unit));
        }

        var first = figures.FindIndex(figure => figure.Definition.Id == kpi);
        var place = units.IndexOf(last);
        var rest = place >= 0 ? units.Skip(place + 1) : units.Where(unit => string.CompareOrdinal(unit, last) > 0);
        return rest.Select(unit => (figures[first], unit)).Concat(figures.Skip(first + 1).SelectMany(_ => units, static (figure, unit) => (figure, unit)));
    }

    private FigureAnswer Answer(
        StreamEngine engine, CompiledFigure figure, string unit, UnitTotals totals, DateOnly? judgedOn, bool hasData, AnsweredSpan span, bool saysMissing)
    {
        var units = engine.Options.Directory.Above(unit).Prepend(unit);
        var target = judgedOn is { } day ? engine.Options.Rulebook.UnitTargets.On(figure.Definition, units, day) : null;
        var cell = FigureJudge.Judge(figure.Definition, Period, totals.Of(unit, figure), target, hasData);
        var answer = FigureAnswer.Of(figure.Definition, unit, Period, span, cell, target);
        return !saysMissing ? answer : answer with
        {
            Missing = MissingConditions.Items(figure, totals.LanesOf(unit, figure)),
            MissingSets = MissingConditions.Sets(figure, totals.LanesOf(unit, figure)),
        };
    }
}

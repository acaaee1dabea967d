namespace KpiStream.Ingest.Host.Serving.Api;

/// <summary>A question for figures of one unit over equal stretches of days, one after another.</summary>
/// <param name="Kpis">At least one.</param>
/// <param name="To">A day in the last stretch; null for today.</param>
internal sealed record SeriesQuestion(IReadOnlyList<string> Kpis, string Unit, CalendarStep Step, int Count, DateOnly? To)
{
    /// <summary>The most points of one figure: more than a year of days.</summary>
    public const int MostPoints = 400;

    /// <summary>A board's trend: twelve weeks.</summary>
    public const int UsualPoints = 12;

    private const int FirstYear = 2000, LastYear = 2099; // Of instants that events may state.

    /// <summary>The words of the parameter <c>step</c>.</summary>
    public static readonly string[] Steps = [.. Enum.GetNames<CalendarStep>().Select(static name => name.ToLowerInvariant())];

    /// <summary>Reads the query string; the mistake is a sentence for the asker.</summary>
    public static (SeriesQuestion? Question, string Mistake) Read(
        IReadOnlyList<string> kpis, string unit, string? step, string? count, string? to, StreamEngine engine)
    {
        if (kpis.Count == 0)
        {
            return (null, $"Say which figure: kpi={ExampleOf(engine)}. /api/v1/rulebook lists them.");
        }

        if (kpis.Select(kpi => kpi == ProcedureFigures.OfferedOnline.Id
            ? $"{kpi} is what the catalogue of procedures says today; it has no past to make a series of."
            : AskedNames.MistakeIn(kpi, unit, engine)).FirstOrDefault(static mistake => mistake is not null) is { } mistake)
        {
            return (null, mistake);
        }

        var stepAt = step is null ? (int)CalendarStep.Week : Array.IndexOf(Steps, step);
        if (stepAt < 0)
        {
            return (null, $"'{step}' is no step: {Suggestion.Sentence(step!, Steps)}.");
        }

        var points = UsualPoints;
        if (count is not null && (!int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out points) || points is < 1 or > MostPoints))
        {
            return (null, $"The count is a whole number of points from 1 to {MostPoints}, not '{(count.Length > 40 ? $"{count[..40]}…" : count)}'.");
        }

        DateOnly? last = null;
        if (to is not null)
        {
            if (!DateOnly.TryParseExact(to, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
                || day.Year is < FirstYear or > LastYear)
            {
                return (null, $"'{to}' is no date of the years {FirstYear} to {LastYear}. Write it like 2025-07-15.");
            }

            last = day;
        }

        return (new SeriesQuestion([.. kpis.Distinct()], unit, (CalendarStep)stepAt, points, last), "");
    }

    /// <summary>Asks every shard once for all points.</summary>
    public async Task<SeriesAnswer> AnswerAsync(StreamEngine engine, long now, bool hasData, CancellationToken cancel)
    {
        now = await engine.MoveToAsync(now, cancel);
        var today = LocalTime.DateOf(LocalTime.DayOf(now));
        var stretches = CalendarSteps.Back(Step, To ?? today, Count);
        var ranges = stretches.Select(static stretch => new Period(
            $"{PeriodText.Iso(stretch.From)}..{PeriodText.Iso(stretch.To)}", PeriodKind.Range, From: stretch.From, To: stretch.To)).ToList();
        var isOfProcedures = Kpis.Contains(ProcedureFigures.PaidNationally.Id);
        var isIn = Counted(engine);
        var shards = await engine.AskAsync(
            state =>
            {
                state.Ledger.AdvanceTo(now);
                return (Rows: LedgerSeries.Of(state.Ledger.Figures, stretches, isIn),
                    Procedures: isOfProcedures ? ranges.Select(range => state.Ledger.Procedures.Sums(range, today, today)!).ToList() : []);
            },
            cancel);
        var counts = new SeriesCounts(engine, Unit, [.. shards.Select(static shard => shard.Rows)], [.. shards.Select(static shard => shard.Procedures)]);
        return new SeriesAnswer(InstantText.ToLocalSeconds(now), [.. Kpis.Select(kpi => SeriesOf(kpi, engine, ranges, counts, today, hasData))]);
    }

    private static string ExampleOf(StreamEngine engine) => engine.Rules.Figures is [var first, ..] ? first.Definition.Id : ProcedureFigures.PaidNationally.Id;

    /// <summary>Says of a code id whether its cases are the unit's: its own, and of codes shown below it all.</summary>
    private Func<int, bool> Counted(StreamEngine engine)
    {
        var (units, directory, shown, asked) = (engine.Options.Codes.Units, engine.Options.Directory, engine.ShownUnits, Unit);
        var own = units.Find(asked);
        return unit => unit == own || directory.IsAtOrBelow(units.Text(shown.Of(unit)), asked);
    }

    private FigureSeries SeriesOf(string kpi, StreamEngine engine, IReadOnlyList<Period> ranges, SeriesCounts counts, DateOnly today, bool hasData)
    {
        var figure = ProcedureFigures.All.FirstOrDefault(figure => figure.Id == kpi) ?? engine.Options.Rulebook.Figures.First(figure => figure.Id == kpi);
        string[] units = [Unit, .. engine.Options.Directory.Above(Unit)];
        SeriesPoint PointAt(Period range, int place)
        {
            var judgedOn = PeriodText.LastDay(range, today);
            var target = range.HasBegunOn(today) ? engine.Options.Rulebook.UnitTargets.On(figure, units, judgedOn) : null;
            var cell = FigureJudge.Judge(figure, range, counts.Of(figure, place), target, hasData);
            return SeriesPoint.Of(figure, range, range.To < today, cell, target);
        }

        return new FigureSeries(
            kpi, Unit, AskedNames.NameOf(Unit, engine.Options.Directory), Steps[(int)Step], figure.Version,
            AnsweredSpan.VersionOf(engine.Options.Rulebook), engine.Options.Directory.Version, [.. ranges.Select(PointAt)]);
    }
}

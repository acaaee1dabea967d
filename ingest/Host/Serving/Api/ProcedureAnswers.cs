namespace KpiStream.Ingest.Host.Serving.Api;

/// <summary>Answers about the two figures that count procedures: of provinces and of what is above them.</summary>
internal static class ProcedureAnswers
{
    /// <summary>Procedures named in one answer; the number of all is the denominator.</summary>
    public const int MostNamed = 100;

    /// <summary>Why a unit has none of these figures; null when it has them.</summary>
    public static string? MistakeIn(string kpi, string? unit, UnitDirectory directory) => unit is null || directory.CountsProcedures(unit) ? null
        : $"{kpi} is counted per province: ask for unit {directory.ProvinceOf(unit)}, or leave 'unit' out.";

    /// <summary>One row of each of the figures asked for and each unit that has them.</summary>
    /// <param name="sums">The cases of the period by province and procedure.</param>
    /// <param name="judgedOn">The day whose target holds; null when nothing may be judged.</param>
    /// <param name="hasData">False when the source is missing.</param>
    /// <param name="span">What is asked, and by which rules.</param>
    public static IEnumerable<FigureAnswer> Of(FigureQuestion question, StreamEngine engine, ProcedureSums sums, DateOnly? judgedOn, bool hasData,
        AnsweredSpan span)
    {
        var directory = engine.Options.Directory;
        var units = directory.Rows.Select(row => row.Code)
            .Where(code => (question.Unit is null || question.Unit == code) && directory.CountsProcedures(code)).ToList();
        foreach (var figure in ProcedureFigures.All.Where(figure => question.Kpi is null || question.Kpi == figure.Id))
        {
            foreach (var unit in units)
            {
                var isPaid = figure == ProcedureFigures.PaidNationally;
                var procedures = isPaid ? sums.Of(province => directory.IsAtOrBelow(engine.Options.Codes.Units.Text(province), unit)) : [];
                var count = isPaid ? ProcedureSums.Count(procedures) : engine.Options.Catalogue.OfferedOnline;
                var target = judgedOn is { } day ? engine.Options.Rulebook.UnitTargets.On(figure, directory.Above(unit).Prepend(unit), day) : null;

                // What a catalogue says needs no source.
                var cell = FigureJudge.Judge(figure, question.Period, count, target, hasData || !isPaid);
                yield return FigureAnswer.Of(figure, unit, question.Period, span, cell, target) with
                {
                    Procedures = isPaid ? [.. Lacking(procedures, engine)] : [.. NotOffered(engine.Options.Catalogue)],
                };
            }
        }
    }

    private static IEnumerable<ProcedureAnswer> Lacking(IReadOnlyList<(int Procedure, FigureCount Cases)> procedures, StreamEngine engine) => procedures
        .Where(static one => one.Cases.Numerator == 0)
        .Select(one => (Code: engine.Options.Codes.Procedures.Text(one.Procedure), one.Cases))
        .OrderByDescending(static one => one.Cases.Denominator).ThenBy(static one => one.Code).Take(MostNamed)
        .Select(one => new ProcedureAnswer(one.Code, engine.Options.Catalogue.Find(one.Code)?.Name, one.Cases.Denominator, one.Cases.Unobserved));

    private static IEnumerable<ProcedureAnswer> NotOffered(ProcedureCatalogue catalogue) => catalogue.Rows
        .Where(static row => row is { IsEligible: true, Level: not OnlineLevel.Full }).Take(MostNamed)
        .Select(static row => new ProcedureAnswer(row.Code, row.Name, null, null));
}

/// <summary>A procedure that is missing in a figure's numerator.</summary>
/// <param name="Name">Of the catalogue; null where it does not list the code.</param>
/// <param name="Cases">Its cases whose fee is due; null where no cases are counted.</param>
/// <param name="Unobserved">Of them, those of which nobody said how they were paid.</param>
internal sealed record ProcedureAnswer(string Code, string? Name, long? Cases, long? Unobserved);

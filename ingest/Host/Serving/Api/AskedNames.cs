namespace KpiStream.Ingest.Host.Serving.Api;

/// <summary>Whether the figure and the unit of a question are known; a mistake is a sentence for the asker that names the nearest.</summary>
internal static class AskedNames
{
    private const int MostUnitsNamed = 3;

    /// <summary>Why there is no such figure of such a unit; null when there is.</summary>
    /// <param name="kpi">Null for all.</param>
    /// <param name="unit">Null for all.</param>
    public static string? MistakeIn(string? kpi, string? unit, StreamEngine engine)
    {
        List<string> figures = [.. engine.Rules.Figures.Select(figure => figure.Definition.Id), .. ProcedureFigures.All.Select(figure => figure.Id)];
        if (kpi is not null && !figures.Contains(kpi))
        {
            return $"There is no figure '{kpi}': {Suggestion.Sentence(kpi, figures)}.";
        }

        if (unit is not null && engine.Options.Directory.Find(unit) is null && unit != UnitDirectory.Unstated && engine.Options.Codes.Units.Find(unit) == 0)
        {
            return $"There is no unit '{unit}' in the directory, and no event has named it. {NearestUnits(unit, engine.Options.Directory)}Look "
                + $"codes up with /api/v1/units?q=.";
        }

        return ProcedureFigures.All.Any(figure => figure.Id == kpi) ? ProcedureAnswers.MistakeIn(kpi!, unit, engine.Options.Directory) : null;
    }

    /// <summary>A unit as people call it; of a code of no directory the code.</summary>
    public static string NameOf(string unit, UnitDirectory directory) => directory.Find(unit)?.FullName ?? unit switch
    {
        UnitDirectory.Unstated => "Không ghi đơn vị",
        ShownUnits.Others => "Mã ngoài danh mục khác",
        _ => unit,
    };

    /// <summary>Units of that name, or of a code like that, in a sentence; empty when there are none.</summary>
    private static string NearestUnits(string text, UnitDirectory directory)
    {
        var named = UnitSearch.Find(directory, text).Take(MostUnitsNamed).ToList();
        var near = named.Count > 0 ? named
            : [.. Suggestion.Nearest(text, directory.Rows.Select(row => row.Code), MostUnitsNamed).Select(code => directory.Find(code)!)];
        return near.Count == 0 ? "" : $"Did you mean {string.Join(", ", near.Select(row => $"{row.Code} ({row.Name})"))}? ";
    }
}

using KpiStream.Ingest.Host.Serving.Http;

namespace KpiStream.Ingest.Host.Serving.Api;

/// <summary>The parameters that the API's addresses take.</summary>
internal static class ApiParameters
{
    public static readonly QueryParameter Kpi = new("kpi", "A figure's id, as in /api/v1/rulebook; all figures when left out.");

    public static readonly QueryParameter Kpis = new("kpi", "A figure's id, as in /api/v1/rulebook; may be given several times.")
    {
        Repeats = true,
        IsRequired = true,
    };

    public static readonly QueryParameter Unit = new("unit", "A unit's code, as in /api/v1/units; all units when left out.");

    public static readonly QueryParameter OneUnit = new("unit", "A unit's code, as in /api/v1/units; the one the board is about when left out.");

    public static readonly QueryParameter AlertsUnit = new(
        "unit", "A unit's code, as in /api/v1/units: its alerts and those of all below it. All when left out.");

    public static readonly QueryParameter BoardUnit = new("unit", "Whose board: of a unit with rows of its own that one, else that of the unit above it.");

    public static readonly QueryParameter BoardPeriod = new("period", "day, month, year or 30d; the board's own when left out.");

    public static readonly QueryParameter Period = new(
        "period", "day, month, quarter, year; since:2025-07-01; 2025-07-03..2025-07-20; or a sliding period kept, like 24h. The board's when left out.");

    public static readonly QueryParameter On = new(
        "on", "A local date in the day, month, quarter or year meant; today when left out. Means nothing for other periods.");

    public static readonly QueryParameter Step = new("step", "How long each point is; a week runs from Monday to Sunday. Week when left out.")
    {
        Words = SeriesQuestion.Steps,
    };

    public static readonly QueryParameter Count = new(
        "count", $"How many points, 1 to {SeriesQuestion.MostPoints}; {SeriesQuestion.UsualPoints} when left out.");

    public static readonly QueryParameter To = new("to", "A local date in the last point; today when left out.");

    public static readonly QueryParameter Search = new("q", "Part of a name, or the beginning of a code; accents need not be typed. All units when left out.");

    public static readonly QueryParameter Limit = new(Page.LimitName, $"The most rows of the page, 1 to {Page.MostRows}.");

    public static readonly QueryParameter Cursor = new(
        Page.CursorName, "Where the page begins: from the Link header of the page before, with the same other parameters.");
}

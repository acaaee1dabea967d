using KpiStream.Ingest.Host.Serving.Alerts;
using KpiStream.Ingest.Host.Serving.Boards;
using KpiStream.Ingest.Host.Serving.Http;

namespace KpiStream.Ingest.Host.Serving.Api;

/// <summary>The lists of the API: bounded pages in an order that does not change (<see cref="Page"/>).</summary>
internal static class ListApi
{
    private const string Units = "units", Alerts = "alerts";

    // As on the board: what is on first.
    private static readonly string[] States = ["firing", "pending", "resolved"];

    public static void MapLists(this IEndpointRouteBuilder api, LiveBoards boards, StreamEngine engine, AlertService alerts, BoardPlan plan, TimeProvider time)
    {
        api.MapRead("/alerts", (HttpContext http, string? limit, string? cursor) =>
            Answer(http, cursor, Page.Read(Alerts, limit, cursor), page => AlertsOf(alerts.Current, page)))
            .Takes(ApiParameters.Limit, ApiParameters.Cursor);
        api.MapRead("/units", (HttpContext http, string? q, string? limit, string? cursor) =>
            Answer(http, cursor, Page.Read(Units, limit, cursor), page => UnitsOf(engine.Options.Directory, q, page)))
                .Takes(ApiParameters.Search, ApiParameters.Limit, ApiParameters.Cursor);
        api.MapRead("/figures", async (HttpContext http, string? kpi, string? unit, string? period, string? on, string? limit, string? cursor,
            CancellationToken gone) =>
        {
            var (question, mistake) = FigureQuestion.Read(kpi, unit, period ?? plan.Period.Name, on, engine);
            if (question is null)
            {
                return Problem.Of(400, mistake);
            }

            var (page, wrong) = Page.Read(FigureQuestion.List, limit, cursor);
            if (page is null || !question.Knows(page, engine))
            {
                return Problem.Of(400, page is null ? wrong : Page.Refusal(cursor!));
            }

            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            return (await question.AnswerAsync(engine, now, hasData: boards.Main.Current is { Stale: false, CaughtUp: true }, page, gone)).Answer(http);
        }).Takes(
            ApiParameters.Kpi, ApiParameters.Unit, ApiParameters.Period, ApiParameters.On, ApiParameters.Limit, ApiParameters.Cursor);
        api.MapRead("/series", async (string[]? kpi, string? unit, string? step, string? count, string? to, CancellationToken gone) =>
        {
            var (question, mistake) = SeriesQuestion.Read(kpi ?? [], unit ?? plan.Top.Code, step, count, to, engine);
            return question is null ? Problem.Of(400, mistake)
                : Results.Ok(await question.AnswerAsync(
                    engine, time.GetUtcNow().ToUnixTimeMilliseconds(), hasData: boards.Main.Current is { Stale: false, CaughtUp: true }, gone));
        }).Takes(ApiParameters.Kpis, ApiParameters.OneUnit, ApiParameters.Step, ApiParameters.Count, ApiParameters.To);
    }

    /// <summary>Ordered by state, rule and unit; of several resolved ones by when.</summary>
    internal static PageOf<BoardAlert>? AlertsOf(IReadOnlyList<BoardAlert> alerts, Page page)
    {
        if (page.After is { } after && after.Split('\n') is not [_, _, _, _])
        {
            return null;
        }

        var ordered = alerts.Select(static alert => (Key: KeyOf(alert), Alert: alert)).OrderBy(static one => one.Key)
            .Where(one => page.After is null || string.CompareOrdinal(one.Key, page.After) > 0);
        return page.Cut(ordered.Select(static one => one.Alert), Alerts, KeyOf);
    }

    private static string KeyOf(BoardAlert alert) => $"{Array.IndexOf(States, alert.State)}\n{alert.Rule}\n{alert.Unit}\n{alert.Since}";

    /// <summary>In the directory's order, those found by name with the accents typed first. The directory stays what it is while the server runs.</summary>
    internal static PageOf<UnitRow>? UnitsOf(UnitDirectory directory, string? q, Page page)
    {
        if (page.After is null)
        {
            return Numbered(directory, q, page, 0);
        }

        return page.After.Split('\n', 2) is [var number, var version] && version == directory.Version
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var before)
            ? Numbered(directory, q, page, before)
            : null;
    }

    private static PageOf<UnitRow> Numbered(UnitDirectory directory, string? q, Page page, int before)
    {
        var cut = page.Cut(UnitSearch.Find(directory, q).Index().Skip(before), Units, one => $"{one.Index + 1}\n{directory.Version}");
        return new PageOf<UnitRow>([.. cut.Rows.Select(static one => one.Item)], cut.Next);
    }

    private static IResult Answer<T>(HttpContext http, string? cursor, (Page? Page, string Mistake) read, Func<Page, PageOf<T>?> rowsOf) =>
        read.Page is null ? Problem.Of(400, read.Mistake) : rowsOf(read.Page)?.Answer(http) ?? Problem.Of(400, Page.Refusal(cursor!));
}

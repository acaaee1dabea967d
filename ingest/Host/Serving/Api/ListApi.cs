using KpiStream.Ingest.Host.Serving.Alerts;
using KpiStream.Ingest.Host.Serving.Boards;
using KpiStream.Ingest.Host.Serving.Http;
using KpiStream.Ingest.Host.Serving.Tables;

namespace KpiStream.Ingest.Host.Serving.Api;

/// <summary>The lists of the API: bounded pages in an order that does not change (<see cref="Page"/>), or whole tables for people.</summary>
internal sealed class ListApi(LiveBoards boards, StreamEngine engine, AlertService alerts, BoardPlan plan, TimeProvider time)
{
    private const string Units = "units", Alerts = "alerts";

    private static readonly string[] AsTable = [CsvTable.ContentType, XlsxTable.ContentType];

    // As on the board: what is on first.
    private static readonly string[] States = ["firing", "resolving", "pending", "resolved"];

    private readonly ApiTables tables = new(engine.Options.Rulebook, engine.Options.Directory);

    private readonly AlertAnswers answers = new(alerts.Text);

    private bool HasData => boards.Main.Current is { Stale: false, CaughtUp: true };

    public void Map(IEndpointRouteBuilder api)
    {
        api.MapRead("/alerts", AnswerAlerts).Answers<IReadOnlyList<AlertAnswer>>(
            "Firing, resolving, pending and recently resolved alerts.", AsTable)
            .Takes(ApiParameters.AlertsUnit, ApiParameters.Limit, ApiParameters.Cursor, AnswerFormats.Parameter);
        api.MapRead("/units", AnswerUnits).Answers<IReadOnlyList<UnitRow>>("Units by code or name.", AsTable)
            .Takes(ApiParameters.Search, ApiParameters.Limit, ApiParameters.Cursor, AnswerFormats.Parameter);
        api.MapRead("/figures", AnswerFiguresAsync)
            .Answers<IReadOnlyList<FigureAnswer>>("Figures over one period, with interval, state and what cases lack.", AsTable).Takes(
            ApiParameters.Kpi, ApiParameters.Unit, ApiParameters.Period, ApiParameters.On, ApiParameters.Limit, ApiParameters.Cursor,
            AnswerFormats.Parameter);
        api.MapRead("/series", AnswerSeriesAsync)
            .Answers<SeriesAnswer>("Figures of one unit over equal stretches of days, one after another.", AsTable).Takes(
            ApiParameters.Kpis, ApiParameters.OneUnit, ApiParameters.Step, ApiParameters.Count, ApiParameters.To, AnswerFormats.Parameter);
    }

    private IResult AnswerAlerts(HttpContext http, string? unit, string? limit, string? cursor) =>
        AskedNames.MistakeIn(null, unit, engine) is { } mistake ? Problem.Of(400, mistake)
        : Answer(http, Alerts, limit, cursor, page => AlertsOf([.. alerts.Alerts
            .Where(alert => unit is null || engine.Options.Directory.IsAtOrBelow(alert.Unit, unit)).Select(answers.Of)], page), ApiTables.Alerts);

    private IResult AnswerUnits(HttpContext http, string? q, string? limit, string? cursor) =>
        Answer(http, Units, limit, cursor, page => UnitsOf(engine.Options.Directory, q, page), tables.Units);

    private async Task<IResult> AnswerFiguresAsync(
        HttpContext http, string? kpi, string? unit, string? period, string? on, string? limit, string? cursor, CancellationToken gone)
    {
        var (question, mistake) = FigureQuestion.Read(kpi, unit, period ?? plan.Period.Name, on, engine);
        if (question is null)
        {
            return Problem.Of(400, mistake);
        }

        var (format, page, wrong) = PageIn(http, FigureQuestion.List, limit, cursor);
        if (page is null || !question.Knows(page, engine))
        {
            return Problem.Of(400, page is null ? wrong : Page.Refusal(cursor!));
        }

        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var answer = await question.AnswerAsync(engine, now, HasData, page, gone, saysMissing: format == AnswerFormat.Json);
        return Answer(http, format, answer, rows => tables.Figures(rows, question.Period), question.Period.Kind == PeriodKind.Sliding
            ? answer.Rows.Select(static row => row with { From = "", To = "" }) : null);
    }

    private async Task<IResult> AnswerSeriesAsync(
        HttpContext http, string[]? kpi, string? unit, string? step, string? count, string? to, CancellationToken gone)
    {
        var (format, wrong) = AnswerFormats.Read(http.Request);
        var (question, mistake) = SeriesQuestion.Read(kpi ?? [], unit ?? plan.Top.Code, step, count, to, engine);
        if (question is null || wrong.Length > 0)
        {
            return Problem.Of(400, question is null ? mistake : wrong);
        }

        var answer = await question.AnswerAsync(engine, time.GetUtcNow().ToUnixTimeMilliseconds(), HasData, gone);
        return format == AnswerFormat.Json ? Validated.Json(http, answer, answer.Series) : TableAnswer.Of(http, tables.Series(answer), format);
    }

    /// <summary>Ordered by state, rule and unit; of several resolved ones by when.</summary>
    internal static PageOf<AlertAnswer>? AlertsOf(IReadOnlyList<AlertAnswer> alerts, Page page)
    {
        if (page.After is { } after && after.Split('\n') is not [_, _, _, _])
        {
            return null;
        }

        var ordered = alerts.Select(static alert => (Key: KeyOf(alert), Alert: alert)).OrderBy(static one => one.Key)
            .Where(one => page.After is null || string.CompareOrdinal(one.Key, page.After) > 0);
        return page.Cut(ordered.Select(static one => one.Alert), Alerts, KeyOf);
    }

    private static string KeyOf(AlertAnswer alert) => $"{Array.IndexOf(States, alert.State)}\n{alert.Rule}\n{alert.Unit}\n{alert.Since}";

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

    private static IResult Answer<T>(
        HttpContext http, string list, string? limit, string? cursor, Func<Page, PageOf<T>?> rowsOf, Func<IEnumerable<T>, Table> table)
    {
        var (format, page, mistake) = PageIn(http, list, limit, cursor);
        return page is null ? Problem.Of(400, mistake)
            : rowsOf(page) is { } rows ? Answer(http, format, rows, table)
            : Problem.Of(400, Page.Refusal(cursor!));
    }

    /// <param name="madeOf">What the answer's tag is made of; null for its rows.</param>
    private static IResult Answer<T>(HttpContext http, AnswerFormat format, PageOf<T> page, Func<IEnumerable<T>, Table> table, object? madeOf = null)
    {
        page.LinkNext(http);
        return format == AnswerFormat.Json ? Validated.Json(http, page.Rows, madeOf) : TableAnswer.Of(http, table(page.Rows), format);
    }

    /// <summary>A person who keeps a table would take its first page for all of it, so a table is whole.</summary>
    private static (AnswerFormat Format, Page? Page, string Mistake) PageIn(HttpContext http, string list, string? limit, string? cursor)
    {
        var (format, wrong) = AnswerFormats.Read(http.Request);
        var (page, mistake) = Page.Read(list, limit, cursor, format == AnswerFormat.Json ? Page.MostRows : Table.MostRows);
        return wrong.Length > 0 ? (format, null, wrong) : (format, page, mistake);
    }
}

using KpiStream.Ingest.Host.Serving.Access;
using KpiStream.Ingest.Host.Serving.Alerts;
using KpiStream.Ingest.Host.Serving.Boards;
using KpiStream.Ingest.Host.Serving.Http;
using KpiStream.Ingest.Host.Serving.Liveness;
using KpiStream.Ingest.Host.Serving.SelfChecks;

namespace KpiStream.Ingest.Host.Serving.Api;

/// <summary>The HTTP interface, except the wallboard's page.</summary>
internal static class BoardApi
{
    /// <summary>A pseudonym like any other to who asks, though no case has it.</summary>
    private static readonly string NoCase = new('0', 32);

    public static void MapBoardApi(
        this IEndpointRouteBuilder routes, LiveBoards boards, BoardViews views, StreamEngine engine, LivenessSink watch, AlertService alerts,
        SelfCheckService? checks, BoardPlan plan,
        Func<string> failure, Func<string> undelivered, Func<UnitCalendars> calendars, TimeProvider time)
    {
        routes.MapRead("/", (HttpContext http) => Results.Redirect("/board" + http.Request.QueryString)).ExcludeFromDescription();
        routes.MapRead("/health/live", () => Results.Text("alive")).AnswersText("Alive, as long as it answers.").Takes();
        routes.MapRead("/health/ready", () =>
        {
            var isCaughtUp = watch.IsCaughtUp && boards.Main.Current is { CaughtUp: true };
            var ready = Readiness.Of(failure(), isCaughtUp, watch.Health(), checks is { HasDifference: true }, undelivered());
            return Results.Text(ready.Text, statusCode: ready.Status);
        }).AnswersText("200 once the log's past was read and every partition answered for, otherwise 503 and why.").Takes();
        var api = routes.MapGroup("/api/v1");
        api.MapRead("/board", (HttpContext http, string? unit, string? period) => views.Find(http, unit, period) switch
        {
            (null, var mistake) => Problem.Of(400, mistake),
            ({ CurrentJson: { } frame }, _) => Validated.Bytes(http, frame, "application/json; charset=utf-8", frame.Span),
            _ => Problem.Of(503, "The first frame is not ready yet; ask again in a second."),
        }).Answers<BoardFrame>("The newest frame of a board.").Takes(ApiParameters.BoardUnit, ApiParameters.BoardPeriod);
        api.MapRead("/rulebook", (HttpContext http) => Validated.Json(http, RulebookAnswer.Create(engine.Options.Rulebook, engine.Options.Catalogue)))
            .Answers<RulebookAnswer>("Every figure: what it counts, what it rests on, targets, lists, waivers.").Takes();
        api.MapRead("/sources",
            async (HttpContext http, CancellationToken gone) => Validated.Json(http, await SourcesAnswer.ReadAsync(engine, watch.Sources, gone)))
            .Answers<SourcesAnswer>("Each source: whether it is heard of, which keys it states in what share of its events, and which never.").Takes();
        new ListApi(boards, engine, alerts, plan, time).Map(api);
        api.MapUnits(engine, plan, () => watch.IsCaughtUp, calendars, time);
        api.MapRead("/stream", (HttpContext http, string? unit, string? period, IHostApplicationLifetime life) =>
            views.Find(http, unit, period) switch
            {
                (null, var mistake) => Problem.Of(400, mistake),
                _ when HttpMethods.IsHead(http.Request.Method) => Results.Text("", BoardStream.ContentType),
                ({ } board, _) => new BoardStream(board, time, life.ApplicationStopping) { Delivered = watch.Latencies.Receive },
            }).AnswersText("Server-sent events: a whole frame, then what changed, and heartbeats.", BoardStream.ContentType)
            .Takes(ApiParameters.BoardUnit, ApiParameters.BoardPeriod);
        api.MapRead("/cases/{id}", (string id, CancellationToken gone) => CaseAsync(id, engine, watch, time, gone))
            .Answers<CaseSheet>("One case by its pseudonym: what is known of it and where it counts.").ProducesProblem(StatusCodes.Status404NotFound).Takes();
    }

    /// <summary>By pseudonym only: a code never travels. What was asked for is not repeated, for it may be a code typed by mistake.</summary>
    private static async Task<IResult> CaseAsync(string id, StreamEngine engine, LivenessSink watch, TimeProvider time, CancellationToken gone)
    {
        if (!CaseId.TryParse(Encoding.UTF8.GetBytes(id), out var wanted) && id != NoCase)
        {
            return Problem.Of(400, "Ask by pseudonym, 32 hexadecimal digits; 'kpistream case CODE --url' makes it of a code.");
        }

        var sheet = id == NoCase ? null : await engine.FindCaseAsync(wanted, time.GetUtcNow().ToUnixTimeMilliseconds(), gone);
        return sheet is not null ? Results.Ok(sheet)
            : watch.IsCaughtUp ? Problem.Of(404, "There is no case of this pseudonym.")
            : Problem.Of(503, "The past of the log is still being read; ask again in a moment.");
    }
}

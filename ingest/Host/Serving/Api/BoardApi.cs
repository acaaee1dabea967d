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
        this IEndpointRouteBuilder routes, LiveBoards boards, StreamEngine engine, LivenessSink watch, AlertService alerts,
        SelfCheckService? checks, BoardPlan plan,
        Func<string> failure, Func<string> undelivered, TimeProvider time)
    {
        routes.MapRead("/", () => Results.Redirect("/board"));
        routes.MapRead("/health/live", () => Results.Text("alive"));
        routes.MapRead("/health/ready", () =>
        {
            var isCaughtUp = watch.IsCaughtUp && boards.Main.Current is { CaughtUp: true };
            var ready = Readiness.Of(failure(), isCaughtUp, watch.Health(), checks is { HasDifference: true }, undelivered());
            return Results.Text(ready.Text, statusCode: ready.Status);
        });
        var api = routes.MapGroup("/api/v1");
        api.MapRead("/board", (string? unit, string? period) => boards.Find(unit, period) switch
        {
            (null, var mistake) => Problem.Of(400, mistake),
            ({ CurrentJson: { } frame }, _) => Results.Bytes(frame, "application/json; charset=utf-8"),
            _ => Problem.Of(503, "The first frame is not ready yet; ask again in a second."),
        }).Takes(ApiParameters.BoardUnit, ApiParameters.BoardPeriod);
        api.MapRead("/rulebook", () => RulebookAnswer.Create(engine.Options.Rulebook, engine.Options.Catalogue)).Takes();
        api.MapRead("/sources", (CancellationToken gone) => SourcesAnswer.ReadAsync(engine, gone)).Takes();
        api.MapLists(boards, engine, alerts, plan, time);
        api.MapGet("/stream", (string? unit, string? period, IHostApplicationLifetime life, CancellationToken gone) => boards.Find(unit, period) switch
        {
            (null, var mistake) => Problem.Of(400, mistake),
            ({ } board, _) => (IResult)TypedResults.ServerSentEvents(BoardStream.ReadAsync(board, time, life.ApplicationStopping, gone)),
        }).Takes(ApiParameters.BoardUnit, ApiParameters.BoardPeriod, ApiParameters.Token);
        api.MapMethods("/stream", [HttpMethods.Head], () => Results.Text("", "text/event-stream"));
        api.MapRead("/cases/{id}", (string id, CancellationToken gone) => CaseAsync(id, engine, watch, time, gone)).Takes();
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

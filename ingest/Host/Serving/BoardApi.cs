using System.Text;
using KpiStream.Engine.Boards;
using KpiStream.Engine.Events;
using KpiStream.Engine.Pipeline;
using KpiStream.Ingest.Host.Alerts;
using KpiStream.Ingest.Host.SelfChecks;

namespace KpiStream.Ingest.Host.Serving;

/// <summary>The HTTP interface (spec section 9), except the wallboard's page.</summary>
internal static class BoardApi
{
    public static void MapBoardApi(this IEndpointRouteBuilder routes, LiveBoard board, StreamEngine engine, SourceWatch watch, AlertDesk alerts, SelfCheckDesk? checks, BoardPlan plan, TimeProvider time)
    {
        routes.MapGet("/", () => Results.Redirect("/board"));
        routes.MapGet("/health/live", () => Results.Text("alive"));
        routes.MapGet("/health/ready", () => Ready(board, watch, checks));
        var api = routes.MapGroup("/api/v1");
        api.MapGet("/board", () => board.Current is { } frame ? Results.Ok(frame) : Results.Problem("The first frame is not ready yet; ask again in a second.", statusCode: 503));
        api.MapGet("/alerts", () => alerts.Current);
        api.MapGet("/units", (string? q) => UnitSearch.Find(engine.Options.Directory, q));
        api.MapGet("/stream", (IHostApplicationLifetime life, CancellationToken gone) =>
            TypedResults.ServerSentEvents(BoardStream.ReadAsync(board, time, life.ApplicationStopping, gone)));
        api.MapGet("/cases/{id}", (string id, CancellationToken gone) => CaseAsync(id, engine, watch, time, gone));
        api.MapGet("/figures", async (string? kpi, string? unit, string? period, string? on, CancellationToken gone) =>
        {
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            var (question, mistake) = FigureQuestion.Read(kpi, unit, period ?? plan.Period.Name, on, engine);
            return question is null
                ? Results.Problem(mistake, statusCode: 400)
                : Results.Ok(await question.AnswerAsync(engine, now, hasData: board.Current is { Stale: false, CaughtUp: true }, gone));
        });
    }

    /// <summary>By pseudonym only: a code never travels. What was asked for is not repeated, for it may be a code typed by mistake.</summary>
    private static async Task<IResult> CaseAsync(string id, StreamEngine engine, SourceWatch watch, TimeProvider time, CancellationToken gone)
    {
        if (!CaseId.TryParse(Encoding.UTF8.GetBytes(id), out var wanted))
        {
            return Results.Problem("Ask by pseudonym, 32 hexadecimal digits; 'kpistream case CODE --url' makes it of a code.", statusCode: 400);
        }

        var sheet = await engine.FindCaseAsync(wanted, time.GetUtcNow().ToUnixTimeMilliseconds(), gone);
        return sheet is not null ? Results.Ok(sheet)
            : watch.IsCaughtUp ? Results.Problem("There is no case of this pseudonym.", statusCode: 404)
            : Results.Problem("The past of the log is still being read; ask again in a moment.", statusCode: 503);
    }

    /// <summary>A figure that differs from the log is said, and shown on the board; to take the board away would hide it.</summary>
    private static IResult Ready(LiveBoard board, SourceWatch watch, SelfCheckDesk? checks)
    {
        var mood = watch.Mood();
        var isReady = watch.IsCaughtUp && board.Current is { CaughtUp: true } && !mood.IsBroken;
        return Results.Text(
            mood.IsBroken ? $"the source cannot be read: {mood.Sentence}" : !isReady ? "reading the past of the log" : checks is { HasDifference: true } ? "ready, but figures differ from a recount of the log: see /api/v1/alerts"
            : mood.Sentence.Length > 0 ? $"ready, but {mood.Sentence}" : "ready",
            statusCode: isReady ? 200 : 503);
    }
}

using KpiStream.Ingest.Host.Serving.Boards;
using KpiStream.Ingest.Host.Serving.Http;
using Microsoft.AspNetCore.Mvc;

namespace KpiStream.Ingest.Host.Serving.Api;

/// <summary>The list of wallboards: their pages say what they painted, and who looks after them reads it.</summary>
internal static class BoardRegistryApi
{
    private const int MostBytes = 2_048;

    public static void MapBoards(this IEndpointRouteBuilder routes, BoardRegistry registry)
    {
        routes.MapRead("/api/v1/boards", (HttpContext http) => Results.Json(registry.Answer(), ApiJson.Options))
            .Answers<IReadOnlyList<BoardAnswer>>("All wallboards, those that went silent included.").Takes();
        routes.MapPost("/api/v1/boards", (Delegate)((HttpContext http) => TakeAsync(http, registry)))
            .WithMetadata(new RequestSizeLimitAttribute(MostBytes)).Accepts<BoardReport>("application/json")
            .WithSummary("What the page of a wallboard painted last; at least once a minute.").Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType).ProducesProblem(StatusCodes.Status429TooManyRequests).Takes();
        routes.MapDelete("/api/v1/boards/{id}", (string id) => registry.TryDismiss(id) ? Results.NoContent()
            : Problem.Of(404, "There is no wallboard of this id; GET /api/v1/boards lists them."))
            .WithSummary("A wallboard is not to be waited for any more; its alert ends.").Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound).Takes();
    }

    /// <summary>A body of JSON is one that a page of another origin cannot send unasked.</summary>
    private static async Task<IResult> TakeAsync(HttpContext http, BoardRegistry registry)
    {
        if (!http.Request.HasJsonContentType())
        {
            return Problem.Of(415, "Send JSON, with Content-Type: application/json.");
        }

        BoardReport? report;
        try
        {
            report = await http.Request.ReadFromJsonAsync<BoardReport>(ApiJson.Options, http.RequestAborted);
        }
        catch (JsonException)
        {
            report = null;
        }

        var mistake = report is null ? "Send an object like {\"board\":\"3f2a9c41d07b\",\"address\":\"/board\",\"frame\":12, "
            + "\"paintedAt\":\"2026-11-27T08:00:00Z\",\"version\":\"1\",\"screen\":{\"w\":1920,\"h\":1080}}." : report.Mistake();
        return mistake is not null ? Problem.Of(400, mistake)
            : registry.TryReport(report!) ? Results.NoContent()
            : Problem.Of(429, $"There are {BoardRegistry.Most} wallboards already: dismiss those that are gone with DELETE /api/v1/boards/ID.");
    }
}

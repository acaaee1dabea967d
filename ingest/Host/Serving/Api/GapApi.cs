using KpiStream.Ingest.Host.Serving.Http;
using KpiStream.Ingest.Host.State;

namespace KpiStream.Ingest.Host.Serving.Api;

/// <summary>What is known of gaps in the log, and taking note of them.</summary>
internal static class GapApi
{
    private const int LongestName = 100;

    public static void MapGaps(this IEndpointRouteBuilder routes, GapRegister gaps)
    {
        routes.MapRead("/api/v1/gaps", () => gaps.All).Takes();

        // A body of JSON is one that a page of another origin cannot send unasked.
        routes.MapPost("/api/v1/gaps/acknowledge", (Acknowledgement note) => note.By is { Length: > 0 and <= LongestName } by
            ? Results.Ok(new { Acknowledged = gaps.Acknowledge(by) })
            : Results.Problem($"Say who acknowledges, like {{\"by\": \"name\"}}, in 1 to {LongestName} characters.", statusCode: 400));
    }

    internal sealed record Acknowledgement(string? By);
}

using KpiStream.Ingest.Host.Serving.Http;
using KpiStream.Ingest.Host.State;

namespace KpiStream.Ingest.Host.Serving.Api;

/// <summary>What is known of gaps in the log, and taking note of them.</summary>
internal static class GapApi
{
    private const int LongestName = 100;

    public static void MapGaps(this IEndpointRouteBuilder routes, GapRegister gaps)
    {
        routes.MapRead("/api/v1/gaps", (HttpContext http) => Validated.Json(http, gaps.All))
            .Answers<IReadOnlyList<KnownGap>>("What the source had removed before it was read.").Takes();

        // A body of JSON is one that a page of another origin cannot send unasked.
        routes.MapPost("/api/v1/gaps/acknowledge", (Acknowledgement note) => note.By is { Length: > 0 and <= LongestName } by
            ? Results.Ok(new AcknowledgedGaps(gaps.Acknowledge(by)))
            : Problem.Of(400, $"Say who acknowledges, like {{\"by\": \"name\"}}, in 1 to {LongestName} characters."))
            .Answers<AcknowledgedGaps>("Takes note of all gaps known so far.").Takes();
    }

    /// <param name="By">Who takes note.</param>
    internal sealed record Acknowledgement(string? By);

    /// <param name="Acknowledged">How many were open.</param>
    internal sealed record AcknowledgedGaps(int Acknowledged);
}

using KpiStream.Engine.Alerts;
using KpiStream.Ingest.Host.Serving.Access;
using KpiStream.Ingest.Host.Serving.Alerts;
using KpiStream.Ingest.Host.Serving.Http;

namespace KpiStream.Ingest.Host.Serving.Api;

/// <summary>One alert with its history, taking note of it, and silences. Who changes something is who signed in; where nobody does, who says so.</summary>
internal sealed class AlertApi(AlertService alerts, Rulebook rulebook, UnitDirectory units, VolumeSources sources, TimeProvider time)
{
    private const int LongestNote = 2_000;

    private static readonly QueryParameter By = new("by", "Who ends it, where nobody signs in.");

    private readonly AnswerCache<IReadOnlyList<SourceShare>?> shares = new(TimeSpan.FromSeconds(10), 64, time);
    private readonly AlertAnswers answers = new(alerts.Text);

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapRead("/api/v1/alerts/{id}", (HttpContext http, string id) => FindAsync(http, id))
            .Answers<AlertDetail>("One alert and everything that happened to it, also when it is over.")
            .ProducesProblem(StatusCodes.Status404NotFound).Takes();
        routes.MapPost("/api/v1/alerts/{id}/acknowledge", (HttpContext http, string id, AcknowledgeRequest note) => AcknowledgeAsync(http, id, note))
            .Answers<AlertAnswer>("Takes note of an alert, with what the next on duty must know; nobody is reminded of it any more.")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict).Takes();
        routes.MapRead("/api/v1/silences", (HttpContext http) => Validated.Json(http, List()))
            .Answers<IReadOnlyList<SilenceAnswer>>("The silences in force: nobody is told of the alerts they match.").Takes();
        routes.MapPost("/api/v1/silences", (HttpContext http, SilenceRequest asked) => SilenceAsync(http, asked))
            .WithSummary("Keeps some alerts quiet until an instant within 30 days.").Produces<SilenceAnswer>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status429TooManyRequests).Takes();
        routes.MapDelete("/api/v1/silences/{id}", (HttpContext http, string id, string? by) => UnsilenceAsync(http, id, by))
            .WithSummary("Ends a silence before its time.").Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound).Takes(By);
    }

    private async Task<IResult> FindAsync(HttpContext http, string id)
    {
        var alert = alerts.Alerts.FirstOrDefault(alert => alert.Id == id);
        try
        {
            var history = alerts.History.Find(id).Where(static entry => entry.PendingSince is not null).Select(AlertAnswers.Of).ToList();
            return alert is null && history.Count == 0
                ? Problem.Of(404, "There is no alert of this id, nor any in the history that is kept; GET /api/v1/alerts lists them.")
                : Validated.Json(http, new AlertDetail(id, alert is null ? null : answers.Of(alert), history)
                {
                    Sources = alert is null ? null : await shares.GetAsync(
                        id, async () => (await sources.WithSourcesAsync([alert]))[0].Sources),
                });
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Problem.Of(503, "The history of alerts cannot be read from the server's disk; see to it, and ask again.");
        }
    }

    private async Task<IResult> AcknowledgeAsync(HttpContext http, string id, AcknowledgeRequest asked)
    {
        var (by, mistake) = AuthorOf(http, asked.By);
        if (by is null || asked.Note?.Length > LongestNote)
        {
            return Problem.Of(400, by is null ? mistake : $"A note has at most {LongestNote} characters.");
        }

        return await alerts.AcknowledgeAsync(id, new Acknowledgement(by, Now, asked.Note?.Trim() ?? "")) is { } alert
            ? Results.Json(answers.Of(alert), ApiJson.Options)
            : alerts.Alerts.Any(alert => alert.Id == id) ? Problem.Of(409, "The alert is over: there is nothing to see to any more.")
            : Problem.Of(404, "There is no alert of this id; GET /api/v1/alerts lists them.");
    }

    private List<SilenceAnswer> List() => [.. alerts.Silences.Select(silence => SilenceAnswer.Of(silence, alerts.Alerts))];

    private async Task<IResult> SilenceAsync(HttpContext http, SilenceRequest asked)
    {
        var (by, mistake) = AuthorOf(http, asked.By);
        if (by is null)
        {
            return Problem.Of(400, mistake);
        }

        var (silence, wrong) = asked.Read(by, Now, rulebook, code => units.Find(code) is not null || alerts.Alerts.Any(alert => alert.Unit == code));
        return silence is null ? Problem.Of(400, wrong)
            : await alerts.TrySilenceAsync(silence)
                ? Results.Json(SilenceAnswer.Of(silence, alerts.Alerts.Where(alert => silence.Matches(alert, units))
                    .Select(alert => alert with { SilencedBy = silence.Id })), ApiJson.Options, statusCode: StatusCodes.Status201Created)
            : Problem.Of(429, $"There are {SilenceBook.Most} silences already: end some with DELETE /api/v1/silences/ID.");
    }

    private async Task<IResult> UnsilenceAsync(HttpContext http, string id, string? by)
    {
        var (author, mistake) = AuthorOf(http, by);
        return author is null ? Problem.Of(400, mistake)
            : await alerts.UnsilenceAsync(id, author, Now) is not null ? Results.NoContent()
            : Problem.Of(404, "There is no silence of this id; GET /api/v1/silences lists those in force.");
    }

    /// <summary>Null, and what is wrong, when nobody takes responsibility, or somebody in another's name.</summary>
    private static (string? By, string Mistake) AuthorOf(HttpContext http, string? by)
    {
        if (http.User.Audited() is { } known)
        {
            var name = known.Name.Length > 0 ? known.Name : known.Id;
            return by is null || by.Trim() == name ? (name, "") : (null, $"You are known here as '{name}': leave 'by' out.");
        }

        return by?.Trim() is { Length: > 0 and <= Silence.LongestName } said ? (said, "")
            : (null, $"Say who you are in 'by', in 1 to {Silence.LongestName} characters.");
    }

    /// <param name="By">Who takes note, where nobody signs in.</param>
    /// <param name="Note">What the next on duty must know.</param>
    internal sealed record AcknowledgeRequest(string? By, string? Note);
}

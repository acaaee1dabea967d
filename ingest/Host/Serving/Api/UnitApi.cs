using KpiStream.Ingest.Host.Serving.Http;
using KpiStream.Ingest.Host.Serving.Tables;

namespace KpiStream.Ingest.Host.Serving.Api;

/// <summary>What a board asks of its units besides the stream; see <see cref="PaceAnswer"/> and <see cref="UnitAnswer"/>.</summary>
internal static class UnitApi
{
    private const int PacesKept = 40;

    private static readonly TimeSpan OverdueAge = TimeSpan.FromSeconds(50), PaceAge = TimeSpan.FromSeconds(45);

    /// <param name="isCaughtUp">False while the past of the log is read, when every unit would look silent.</param>
    /// <param name="calendars">The working days of units now.</param>
    public static void MapUnits(
        this IEndpointRouteBuilder api, StreamEngine engine, BoardPlan plan, Func<bool> isCaughtUp, Func<UnitCalendars> calendars, TimeProvider time)
    {
        var overdue = new AnswerCache<OverdueReading>(OverdueAge, most: 1, time);
        var paces = new AnswerCache<PaceAnswer>(PaceAge, PacesKept, time);
        var directory = engine.Options.Directory;
        long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();

        api.MapRead("/units/{code}", async (HttpContext http, string code) => !isCaughtUp() ? Loading() : directory.Find(code) is { } row
            ? Validated.Json(http, UnitAnswer.Create(engine, row, await overdue.GetAsync("all", () => OverdueReading.TakeAsync(engine, Now()))))
            : Problem.Of(404, AskedNames.MistakeIn(null, code, engine) ?? $"Unit '{code}' is in no directory; its figures are at /api/v1/figures?unit=."))
            .Answers<UnitAnswer>("One unit: who is above and below it, whom it took over from, its overdue cases by pseudonym.")
            .ProducesProblem(StatusCodes.Status404NotFound).Takes();
        api.MapRead("/pace", async (HttpContext http, string? unit) =>
        {
            var top = unit ?? plan.Top.Code;
            var (format, wrong) = AnswerFormats.Read(http.Request);
            if (!isCaughtUp())
            {
                return Loading();
            }

            if (wrong.Length > 0 || directory.Find(top) is null)
            {
                return Problem.Of(400, wrong.Length > 0 ? wrong : AskedNames.MistakeIn(null, top, engine) ?? $"Unit '{top}' is in no directory.");
            }

            if (plan.Rules.Figures.FirstOrDefault(figure => figure.Definition.Id == plan.LowVolume.Figure) is not { } figure)
            {
                return Problem.Of(400, $"The rulebook has no figure '{plan.LowVolume.Figure}', which the low-volume rule counts.");
            }

            var answer = await paces.GetAsync(top, () => PaceAnswer.ReadAsync(engine, figure, top, calendars(), Now()));
            return format == AnswerFormat.Json ? Validated.Json(http, answer) : TableAnswer.Of(http, ApiTables.Pace(answer), format);
        }).Answers<PaceAnswer>("Which communes hardly see cases: each compared with what is usual for itself.")
            .Takes(ApiParameters.OneUnit, AnswerFormats.Parameter);
    }

    private static IResult Loading() => Problem.Of(503, "The past of the log is still being read; ask again in a moment.");
}

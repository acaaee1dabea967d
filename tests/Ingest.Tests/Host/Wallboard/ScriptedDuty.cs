using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace KpiStream.Ingest.Tests.Host.Wallboard;

/// <summary>The API by which somebody on duty sees to alerts, for those of a scripted board.</summary>
internal sealed class ScriptedDuty
{
    private readonly ConcurrentDictionary<string, JsonObject> silences = new();

    /// <summary>What was decided: the address and the body, oldest first.</summary>
    public ConcurrentQueue<(string Path, JsonObject Body)> Decided { get; } = new();

    /// <summary>False where the asker may only look.</summary>
    public bool MayAct { get; set; } = true;

    public void Map(IEndpointRouteBuilder routes, Func<JsonObject?> frame)
    {
        routes.MapGet("/api/v1/alerts", () => Json(new JsonArray([.. AlertsOf(frame()!).Select(Detail)])));
        routes.MapGet("/api/v1/alerts/{id}", (string id) => Json(new JsonObject { ["id"] = id, ["history"] = History(), ["sources"] = Sources() }));
        routes.MapPost("/api/v1/alerts/{id}/acknowledge", (HttpRequest request) => DecideAsync(request, static _ => { }));
        routes.MapGet("/api/v1/silences", () => MayAct
            ? Json(new JsonArray([.. silences.Values.Select(static one => one.DeepClone())])) : Results.StatusCode(403));
        routes.MapPost("/api/v1/silences", (HttpRequest request) => DecideAsync(request, body => silences["1"] = Silence(body)));
        routes.MapDelete("/api/v1/silences/{id}", (string id) => silences.TryRemove(id, out _) ? Results.NoContent() : Results.NotFound());
    }

    private static IEnumerable<JsonObject> AlertsOf(JsonObject frame) => frame["alerts"]!.AsArray().Select(static alert => alert!.AsObject());

    private static JsonNode Detail(JsonObject alert, int index)
    {
        var detail = (JsonObject)alert.DeepClone();
        detail["id"] = $"{index}";
        detail["kind"] = "ratio";
        detail["grade"] = index == 0 ? "watch" : "alarm";
        detail["cause"] = "ratio:fully_online";
        detail["figure"] = "fully_online";
        detail["period"] = "30d";
        detail["evidence"] = new JsonObject
        {
            ["count"] = 12,
            ["of"] = 40,
            ["expected"] = 28,
            ["low"] = 0.18,
            ["high"] = 0.45,
            ["target"] = 0.7,
            ["chance"] = 0.0000004,
        };
        detail["acknowledged"] = index != 1 ? null : new JsonObject
        {
            ["by"] = "Trần An",
            ["at"] = "2025-07-29T09:05:00+07:00",
            ["note"] = "đã gọi điện",
        };
        return detail;
    }

    private static JsonArray Sources() =>
        [new JsonObject { ["source"] = "igate", ["cases"] = 9 }, new JsonObject { ["source"] = "botp", ["cases"] = 3 }];

    private static JsonArray History() =>
    [
        new JsonObject { ["at"] = "2025-07-29T08:00:00.000+07:00", ["what"] = "pending" },
        new JsonObject { ["at"] = "2025-07-29T08:10:00.000+07:00", ["what"] = "firing" },
        new JsonObject { ["at"] = "2025-07-29T09:05:00.000+07:00", ["what"] = "acknowledged", ["by"] = "Trần An", ["note"] = "đã gọi điện" },
    ];

    private static JsonObject Silence(JsonObject asked)
    {
        var silence = (JsonObject)asked.DeepClone();
        silence["id"] = "1";
        silence["from"] = "2025-07-29T10:42:00+07:00";
        silence["matches"] = 3;
        return silence;
    }

    private static IResult Json(JsonNode answer) => Results.Text(answer.ToJsonString(), "application/json");

    private async Task<IResult> DecideAsync(HttpRequest request, Action<JsonObject> done)
    {
        var body = (JsonObject)(await JsonNode.ParseAsync(request.Body))!;
        Decided.Enqueue((request.Path, body));
        if (body["by"] is null)
        {
            return Results.Problem("Say who you are in 'by'.", statusCode: 400);
        }

        done(body);
        return Results.Ok();
    }
}

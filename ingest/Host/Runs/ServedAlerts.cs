using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace KpiStream.Ingest.Host.Runs;

/// <summary>Asks a running <c>serve</c> about its alerts, and tells it what to do with them.</summary>
/// <param name="server">Its address; a path is kept, as behind a proxy.</param>
/// <param name="patience">How long to wait for the answer.</param>
internal sealed class ServedAlerts(Uri server, TimeSpan patience)
{
    private const int MostBytes = 64 << 20;

    private const string OtherServer = "is no serve of this version; check --url";

    /// <summary>A file with the key that the server asks for; null for none.</summary>
    public string? ApiKeyFile { get; init; }

    /// <summary>Prints all alerts, and the silences in force.</summary>
    public Task<int> ListAsync(bool asJson, CancellationToken cancel) => RunAsync(async http =>
    {
        var alerts = new JsonArray();
        for (var next = AddressOf("/api/v1/alerts?limit=1000"); next is not null;)
        {
            using var answer = await http.GetAsync(next, cancel);
            if (await ReadAsync(answer, cancel) is not JsonArray page)
            {
                return await FailAsync(answer, cancel);
            }

            foreach (var alert in page)
            {
                alerts.Add(alert!.DeepClone());
            }

            next = NextOf(answer);
        }

        using var quiet = await http.GetAsync(AddressOf("/api/v1/silences"), cancel);
        if (await ReadAsync(quiet, cancel) is not JsonArray silences)
        {
            return await FailAsync(quiet, cancel);
        }

        Print(alerts, silences, asJson);
        return ExitCode.Ok;
    }, cancel);

    /// <summary>Takes note of an alert.</summary>
    public Task<int> AcknowledgeAsync(string id, string? note, string? by, CancellationToken cancel) => ChangeAsync(
        HttpMethod.Post, $"/api/v1/alerts/{Uri.EscapeDataString(id)}/acknowledge", new JsonObject { ["note"] = note, ["by"] = by },
        answer => $"acknowledged: {answer["text"]}", cancel);

    /// <summary>Keeps alerts quiet.</summary>
    public Task<int> SilenceAsync(JsonObject silence, CancellationToken cancel) => ChangeAsync(
        HttpMethod.Post, "/api/v1/silences", silence,
        static answer => $"{answer["id"]} until {answer["until"]}, {answer["matches"]} alerts at present", cancel);

    /// <summary>Ends a silence.</summary>
    public Task<int> UnsilenceAsync(string id, string? by, CancellationToken cancel) => ChangeAsync(
        HttpMethod.Delete, $"/api/v1/silences/{Uri.EscapeDataString(id)}{(by is null ? "" : $"?by={Uri.EscapeDataString(by)}")}", null,
        static _ => "ended", cancel);

    private static void Print(JsonArray alerts, JsonArray silences, bool asJson)
    {
        if (asJson)
        {
            Terminal.Result(new JsonObject { ["alerts"] = alerts, ["silences"] = silences }.ToJsonString(ApiJson.Options));
            return;
        }

        foreach (var alert in alerts)
        {
            var notes = string.Concat(
                alert!["acknowledged"] is { } note ? $", acknowledged by {note["by"]}" : "",
                alert["silenced"] is { } silence ? $", silenced by {silence}" : "",
                alert["inhibitedBy"] is { } source ? $", held by {source}" : "");
            Terminal.Result($"{alert["id"]}  {alert["state"],-9} {alert["grade"],-8} {alert["kind"],-14} {alert["unit"],-8} since {alert["since"]}{notes}: "
                + $"{alert["unitName"]}: {alert["text"]}");
        }

        foreach (var silence in silences)
        {
            var about = string.Join(' ', ((string[])["kind", "unit", "figure", "cause"])
                .Where(key => silence![key] is not null).Select(key => $"{key}={silence![key]}"));
            Terminal.Result($"{silence!["id"]}  silence   {about} until {silence["until"]} by {silence["by"]}: {silence["reason"]}");
        }

        Terminal.Result($"{alerts.Count} alerts, {silences.Count} silences");
    }

    private Task<int> ChangeAsync(
        HttpMethod method, string path, JsonObject? body, Func<JsonNode, string> sentence, CancellationToken cancel) => RunAsync(async http =>
    {
        using var request = new HttpRequestMessage(method, AddressOf(path));
        request.Content = body is null ? null : JsonContent.Create(body);
        using var answer = await http.SendAsync(request, cancel);
        if (!answer.IsSuccessStatusCode)
        {
            return await FailAsync(answer, cancel);
        }

        var read = answer.StatusCode == HttpStatusCode.NoContent ? new JsonObject() : await ReadAsync(answer, cancel);
        if (read is null)
        {
            return Say(ExitCode.Unavailable, OtherServer);
        }

        Terminal.Result(sentence(read));
        return ExitCode.Ok;
    }, cancel);

    private async Task<int> RunAsync(Func<HttpClient, Task<int>> ask, CancellationToken cancel)
    {
        using var http = new HttpClient { Timeout = patience, MaxResponseContentBufferSize = MostBytes };
        try
        {
            if (ApiKeyFile is { } file)
            {
                http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(file, cancel)).Trim());
            }

            return await ask(http);
        }
        catch (Exception error) when (error is FormatException or UnauthorizedAccessException or IOException)
        {
            return Say(ExitCode.Configuration, "the file of --api-key cannot be read or holds no key");
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException && !cancel.IsCancellationRequested)
        {
            return Say(ExitCode.Unavailable, "it cannot be reached; check --url and that serve runs there");
        }
    }

    private Uri AddressOf(string path) => new($"{server.ToString().TrimEnd('/')}{path}");

    /// <summary>The next page that an answer links to, on the same server; null for the last.</summary>
    private Uri? NextOf(HttpResponseMessage answer)
    {
        var link = answer.Headers.TryGetValues("Link", out var links) ? links.FirstOrDefault(static one => one.Contains("rel=\"next\"")) : null;
        return link is not null && link.IndexOf('<') is >= 0 and var from && link.IndexOf('>') is var to && to > from
            && Uri.TryCreate(answer.RequestMessage!.RequestUri, link[(from + 1)..to], out var next) && next.Authority == server.Authority ? next : null;
    }

    private static async Task<JsonNode?> ReadAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        try
        {
            return answer.IsSuccessStatusCode ? await JsonNode.ParseAsync(await answer.Content.ReadAsStreamAsync(cancel), cancellationToken: cancel) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A problem says itself what is wrong and what to do.</summary>
    private async Task<int> FailAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        if (answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            return Say(ExitCode.Unavailable, "the server asks for an API key, of the role operate where something is changed; make one with "
                + "'kpistream api-key create' and give its file with --api-key");
        }

        var exit = answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict or HttpStatusCode.BadRequest ? ExitCode.CheckFailed
            : ExitCode.Unavailable;
        var isOurs = answer.Content.Headers.ContentType?.MediaType == "application/problem+json";
        try
        {
            var problem = isOurs ? JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancel)) : null;
            return problem?["detail"] is { } detail ? Say(exit, ((string)detail!).TrimEnd('.')) : Say(ExitCode.Unavailable, OtherServer);
        }
        catch (JsonException)
        {
            return Say(ExitCode.Unavailable, OtherServer);
        }
    }

    private int Say(int exit, string what)
    {
        Terminal.Say($"{server.Scheme}://{server.Authority}: {what}.");
        return exit;
    }
}

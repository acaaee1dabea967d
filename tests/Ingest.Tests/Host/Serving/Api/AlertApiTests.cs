using KpiStream.Engine.Alerts;

namespace KpiStream.Ingest.Tests.Host.Serving.Api;

/// <summary>Alerts and silences over HTTP, by somebody on the same machine.</summary>
public sealed class AlertApiTests(ServedScene scene) : IClassFixture<ServedScene>
{
    private static readonly BelowTargetRule Rule = AlertSettings.DefaultBelowTarget with { HoldMillis = 0 };
    private readonly long now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    [Fact]
    public async Task AnAlert_IsListedWithWhatItStandsOn_Acknowledged_AndItsHistoryTold()
    {
        Fire(ServedScene.PhoHien);
        var alert = await ListedAsync(ServedScene.PhoHien);
        string[] keys = ["state", "kind", "grade", "cause"];
        Assert.Equal(["firing", "ratio", "alarm", "ratio:fully_online"], keys.Select(key => Text(alert, key)));
        Assert.Equal((5, 100), ((int)alert["evidence"]!["count"]!, (int)alert["evidence"]!["of"]!));
        Assert.Null(alert["acknowledged"]);

        var path = Text(alert, "history");
        Assert.Equal("/api/v1/alerts/" + Text(alert, "id"), path);
        var (status, problem) = await PostAsync($"{path}/acknowledge", """{"note": "calling the commune"}""");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("Say who you are in 'by'", problem);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync($"{path}/acknowledge", """{"by": "An", "note": "calling the commune"}""")).Status);
        Assert.Equal("calling the commune", (string)(await ListedAsync(ServedScene.PhoHien))["acknowledged"]!["note"]!);

        Clear(ServedScene.PhoHien);
        Assert.Equal(HttpStatusCode.Conflict, (await PostAsync($"{path}/acknowledge", """{"by": "An"}""")).Status);
        var detail = JsonNode.Parse(await scene.Http.GetStringAsync(path))!;
        Assert.Equal("resolved", (string)detail["alert"]!["state"]!);
        var history = detail["history"]!.AsArray();
        Assert.Equal(["firing", "acknowledged", "resolved"], history.Select(static one => (string)one!["what"]!));
        Assert.Equal(("inactive", "An", "firing"), ((string)history[0]!["from"]!, (string)history[1]!["by"]!, (string)history[2]!["from"]!));
    }

    [Fact]
    public async Task ASilence_KeepsWhatItMatchesQuiet_UntilItIsEnded()
    {
        Fire(ServedScene.SonNam);
        var until = InstantText.ToLocalSeconds(now + 3_600_000);
        var (status, text) = await PostAsync(
            "/api/v1/silences", $$"""{"unit": "33", "figure": "fully_online", "reason": "link down", "until": "{{until}}", "by": "An"}""");
        Assert.Equal(HttpStatusCode.Created, status);
        var silence = JsonNode.Parse(text)!;
        Assert.Equal((until, "An", 1), (Text(silence, "until"), Text(silence, "by"), (int)silence["matches"]!));
        Fire(ServedScene.SonNam);
        Assert.Equal(Text(silence, "id"), Text(await ListedAsync(ServedScene.SonNam), "silenced"));
        Assert.Equal(Text(silence, "id"), Text(Assert.Single(JsonNode.Parse(await scene.Http.GetStringAsync("/api/v1/silences"))!.AsArray())!, "id"));

        var address = $"/api/v1/silences/{Text(silence, "id")}?by=An";
        Assert.Equal(HttpStatusCode.NoContent, (await scene.Http.DeleteAsync(address)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await scene.Http.DeleteAsync(address)).StatusCode);
        Fire(ServedScene.SonNam);
        Assert.Null((await ListedAsync(ServedScene.SonNam))["silenced"]);
        Clear(ServedScene.SonNam);
    }

    [Theory]
    [InlineData("""{"reason": "r", "by": "An", "until": "2100-01-01T00:00:00+07:00", "unit": "33"}""", "ends within 30 days")]
    [InlineData("""{"reason": "r", "by": "An", "until": "2020-01-01T00:00:00+07:00", "unit": "33"}""", "ends after now")]
    [InlineData("""{"reason": "r", "by": "An", "until": "tomorrow", "unit": "33"}""", "like 2026-12-01T08:00:00+07:00")]
    [InlineData("""{"reason": "r", "by": "An", "until": "SOON"}""", "at least one of kind, unit, figure and cause")]
    [InlineData("""{"reason": " ", "by": "An", "until": "SOON", "unit": "33"}""", "has a reason")]
    [InlineData("""{"reason": "r", "until": "SOON", "unit": "33"}""", "Say who you are in 'by'")]
    [InlineData("""{"reason": "r", "by": "An", "until": "SOON", "kind": "ratoi"}""", "did you mean 'ratio'?")]
    [InlineData("""{"reason": "r", "by": "An", "until": "SOON", "figure": "fully_onlin"}""", "did you mean 'fully_online'?")]
    [InlineData("""{"reason": "r", "by": "An", "until": "SOON", "unit": "nowhere"}""", "There is no unit 'nowhere'")]
    public async Task ASilenceThatCannotBe_IsRefusedWithWhatToDo(string body, string said)
    {
        var (status, text) = await PostAsync("/api/v1/silences", body.Replace("SOON", InstantText.ToLocalSeconds(now + 3_600_000)));
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(said, (string)JsonNode.Parse(text)!["detail"]!);
    }

    [Fact]
    public async Task AlertsOfAUnitThatIsNot_AreRefusedWithTheNearestNames()
    {
        var answer = await scene.Http.GetAsync("/api/v1/alerts?unit=11954");
        Assert.Equal((HttpStatusCode.BadRequest, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        var detail = (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["detail"]!;
        Assert.StartsWith("There is no unit '11954' in the directory", detail);
        Assert.Contains("11953 (Phố Hiến)", detail);
    }

    [Fact]
    public async Task TheCommands_ListSilenceAcknowledgeAndUnsilence()
    {
        Fire("12091");
        var url = scene.Http.BaseAddress!.ToString();
        var id = Text(await ListedAsync("12091"), "id");
        var acknowledged = await CommandRun.OfAsync("alerts", "acknowledge", id, "--url", url, "--by", "Bình", "--note", "đã gọi");
        Assert.Equal((ExitCode.Ok, true), (acknowledged.ExitCode, acknowledged.Text.StartsWith("acknowledged: ")));
        var silenced = await CommandRun.OfAsync(
            "alerts", "silence", "--url", url, "--cause", "ratio:fully_online", "--reason", "upgrade", "--for", "3h", "--by", "Bình");
        Assert.Matches("^[0-9a-f]{16} until .*, [1-9][0-9]* alerts at present", silenced.Text);
        var list = await CommandRun.OfAsync("alerts", "list", "--url", url);
        Assert.Contains($"{id}  firing    alarm    ratio          12091    since", list.Text);
        Assert.Contains(", acknowledged by Bình", list.Text);
        Assert.Contains("cause=ratio:fully_online until", list.Text);
        var ended = await CommandRun.OfAsync("alerts", "unsilence", silenced.Text[..16], "--url", url, "--by", "Bình");
        Assert.Equal((ExitCode.Ok, "ended\n"), (ended.ExitCode, ended.Text));
        var again = await CommandRun.OfAsync("alerts", "unsilence", silenced.Text[..16], "--url", url, "--by", "Bình");
        Assert.Equal(ExitCode.CheckFailed, again.ExitCode);
        Assert.Contains("There is no silence of this id", again.Errors);
        var nobody = await CommandRun.OfAsync("alerts", "acknowledge", id, "--url", url);
        Assert.Contains("Say who you are in 'by'", nobody.Errors);
        Clear("12091");
    }

    private static string Text(JsonNode node, string key) => (string)node[key]!;

    // One after another, as the publisher does.
    private void Fire(string unit) => Evaluate(unit, 5);

    private void Clear(string unit) => Evaluate(unit, 100);

    private void Evaluate(string unit, long good)
    {
        lock (scene)
        {
            scene.Alerts.Evaluate([new AlertReading(Rule, unit, 100, good, 0.7, HasData: true)], DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        }
    }

    private async Task<JsonNode> ListedAsync(string unit) =>
        JsonNode.Parse(await scene.Http.GetStringAsync("/api/v1/alerts"))!.AsArray().First(alert => (string)alert!["unit"]! == unit)!;

    private async Task<(HttpStatusCode Status, string Text)> PostAsync(string path, string json)
    {
        using var answer = await scene.Http.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"));
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}

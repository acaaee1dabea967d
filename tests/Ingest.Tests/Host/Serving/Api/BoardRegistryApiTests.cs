using System.Net.Http.Headers;

namespace KpiStream.Ingest.Tests.Host.Serving.Api;

/// <summary>The list of wallboards over HTTP.</summary>
public sealed class BoardRegistryApiTests(ServedScene scene) : IClassFixture<ServedScene>
{
    private const string Address = "/api/v1/boards";
    private const string Good = """
        {"board":"3f2a9c41d07b","address":"/board?unit=11953&token=x","frame":12,"paintedAt":"2026-11-27T08:00:00Z","version":"1",
        "screen":{"w":1920,"h":1080}}
        """;

    [Fact]
    public async Task ABoardThatReports_IsListedWithoutItsToken_UntilItIsDismissed()
    {
        using var reported = await PostAsync(Good);
        Assert.Equal(HttpStatusCode.NoContent, reported.StatusCode);
        var board = Assert.Single(JsonNode.Parse(await scene.Http.GetStringAsync(Address))!.AsArray())!;
        Assert.Equal(("3f2a9c41d07b", "/board?unit=11953", 12, false, 1_920), (
            (string)board["board"]!, (string)board["address"]!, (int)board["frame"]!, (bool)board["late"]!, (int)board["screen"]!["w"]!));
        using var dismissed = await scene.Http.DeleteAsync($"{Address}/3f2a9c41d07b");
        Assert.Equal(HttpStatusCode.NoContent, dismissed.StatusCode);
        using var again = await scene.Http.DeleteAsync($"{Address}/3f2a9c41d07b");
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
        Assert.Equal("[]", await scene.Http.GetStringAsync(Address));
    }

    [Theory]
    [InlineData("", 400, "Send an object like")]
    [InlineData("null", 400, "Send an object like")]
    [InlineData("{", 400, "Send an object like")]
    [InlineData("{\"board\":[]}", 400, "Send an object like")]
    [InlineData("{}", 400, "'board' is the id")]
    [InlineData("{\"board\":\"../../../x\"}", 400, "'board' is the id")]
    [InlineData("{\"board\":\"12345678\",\"address\":\"http://evil\"}", 400, "'address' is the page's path")]
    [InlineData("{\"board\":\"12345678\",\"address\":\"/board\"}", 400, "'frame' is the id")]
    [InlineData("{\"board\":\"12345678\",\"address\":\"/board\",\"frame\":0,\"paintedAt\":\"now\"}", 400, "'paintedAt' is an instant")]
    public async Task AReportThatIsNotUnderstood_IsRefusedByName(string body, int status, string says)
    {
        using var answer = await PostAsync(body);
        Assert.Equal((status, "application/problem+json"), ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Contains(says, (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["detail"]!);
    }

    [Fact]
    public async Task AReportThatIsTooLong_OrOfAnotherType_IsRefused()
    {
        using var @long = await PostAsync(Good.Replace("\"1\"", $"\"{new string('1', 3_000)}\""));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, @long.StatusCode);
        using var plain = await PostAsync(Good, "text/plain");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, plain.StatusCode);
    }

    private Task<HttpResponseMessage> PostAsync(string body, string type = "application/json") =>
        scene.Http.PostAsync(Address, new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue(type)));
}

namespace KpiStream.Ingest.Tests.Host.Serving.Access;

/// <summary>Who gets what from a server with access: nobody, keys of each role, and a screen with a board token.</summary>
public sealed class AccessRolesTests(SharedAccessServer shared) : IClassFixture<SharedAccessServer>
{
    private readonly AccessServer server = shared.Server;

    [Theory]
    [InlineData("/health/live", 200, 200, 200, 200, 200)]
    [InlineData("/health/ready", 401, 200, 403, 200, 403)]
    [InlineData("/metrics", 401, 200, 403, 200, 403)]
    [InlineData("/", 401, 302, 403, 302, 302)]
    [InlineData("/board", 401, 200, 403, 200, 200)]
    [InlineData("/board/board.js", 401, 200, 403, 200, 200)]
    [InlineData("/api/v1/board", 401, 200, 403, 200, 200)]
    [InlineData("/api/v1/stream", 401, 200, 403, 200, 200)]
    [InlineData("/api/v1/figures?kpi=arisen", 401, 200, 403, 200, 200)]
    [InlineData("/api/v1/series?kpi=arisen", 401, 200, 403, 200, 200)]
    [InlineData("/api/v1/units", 401, 200, 403, 200, 200)]
    [InlineData("/api/v1/alerts", 401, 200, 403, 200, 200)]
    [InlineData("/api/v1/alerts/0123456789abcdef", 401, 404, 403, 404, 403)]
    [InlineData("/api/v1/silences", 401, 200, 403, 200, 403)]
    [InlineData("/api/v1/rulebook", 401, 200, 403, 200, 200)]
    [InlineData("/api/v1/sources", 401, 200, 403, 200, 403)]
    [InlineData("/api/v1/gaps", 401, 200, 403, 200, 403)]
    [InlineData("/api/v1/cases/00000000000000000000000000000000", 401, 404, 403, 404, 403)]
    [InlineData("/nothing", 401, 404, 403, 404, 404)]
    public async Task EveryAddress_IsAnsweredToThoseWhoMayAsk(string path, int nobody, int reader, int poster, int operates, int board)
    {
        Assert.Equal(
            (nobody, reader, poster, operates, board),
            (await server.StatusAsync(path, null), await server.StatusAsync(path, shared.Reader), await server.StatusAsync(path, shared.Poster),
                await server.StatusAsync(path, shared.Operator), await StatusOnBoardAsync(path)));
    }

    [Theory]
    [InlineData(null, 401)]
    [InlineData("reader", 403)]
    [InlineData("operator", 403)]
    [InlineData("poster", 200)]
    [InlineData("own", 200)]
    public async Task Events_ArePostedWithAKeyForIt_AndWithTheLogsOwn(string? who, int status)
    {
        var line = CaseLines.Accepted($"H31-{who}", AccessServer.Unit, DateTimeOffset.UtcNow.AddHours(-1));
        Assert.Equal(status, await server.StatusAsync("/api/v1/events", KeyOf(who), HttpMethod.Post, line));
    }

    [Theory]
    [InlineData(null, 401)]
    [InlineData("reader", 403)]
    [InlineData("poster", 403)]
    [InlineData("own", 403)]
    [InlineData("operator", 200)]
    public async Task Gaps_AreAcknowledgedByThoseWhoOperate_AndThatIsNoted(string? who, int status)
    {
        Assert.Equal(status, await server.StatusAsync("/api/v1/gaps/acknowledge", KeyOf(who), HttpMethod.Post, """{"by": "An"}"""));
        Assert.Equal(who == "operator", server.Audit().Any(line => Is(line, "operated", who) && (string?)line["what"] == "POST /api/v1/gaps/acknowledge"));
    }

    [Theory]
    [InlineData(null, null, 401)]
    [InlineData("reader", null, 403)]
    [InlineData("operator", null, 201)]
    [InlineData("operator", "somebody else", 400)]
    public async Task ASilence_IsMadeByThoseWhoOperate_UnderTheNameThatTheySignedInWith(string? who, string? by, int status)
    {
        var until = DateTimeOffset.UtcNow.AddHours(1).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");
        var asked = new JsonObject { ["kind"] = "pace", ["reason"] = $"test {who}", ["until"] = until, ["by"] = by }.ToJsonString();
        Assert.Equal(status, await server.StatusAsync("/api/v1/silences", KeyOf(who), HttpMethod.Post, asked));
        if (status == 201)
        {
            using var browser = new Browser(server.Url);
            var (_, list) = await browser.ReadAsync("/api/v1/silences", shared.Reader);
            var silence = Assert.Single(JsonNode.Parse(list)!.AsArray());
            Assert.Equal(("operator", "pace"), ((string)silence!["by"]!, (string)silence["kind"]!));
            Assert.Contains(server.Audit(), line => Is(line, "operated", "operator") && (string?)line["what"] == "POST /api/v1/silences");
            Assert.Equal(204, await server.StatusAsync($"/api/v1/silences/{silence["id"]}", KeyOf(who), HttpMethod.Delete));
        }
    }

    [Fact]
    public async Task ARefusedProgram_IsToldWhatToDo_AndABrowserInVietnamese()
    {
        using var browser = new Browser(server.Url);
        using var program = await browser.AskAsync("/api/v1/board");
        Assert.Equal(("Bearer", "application/problem+json"), (program.Headers.WwwAuthenticate.ToString(), program.Content.Headers.ContentType!.MediaType));
        Assert.Contains("kpistream api-key create", await program.Content.ReadAsStringAsync());
        using var page = await browser.AskAsync("/board", headers: "Accept: text/html,*/*");
        Assert.Equal((HttpStatusCode.Unauthorized, "text/html"), (page.StatusCode, page.Content.Headers.ContentType!.MediaType));
        Assert.Contains("chưa được cấp quyền", await page.Content.ReadAsStringAsync());
        var (_, text) = await browser.ReadAsync("/metrics", shared.Poster);
        Assert.Contains("'poster' is known here, but may not do this; its roles: post", text);
    }

    [Fact]
    public async Task TheApisDocument_SaysHowOneIsLetIn()
    {
        using var browser = new Browser(server.Url);
        var document = JsonNode.Parse((await browser.ReadAsync("/openapi.json", shared.Reader)).Text)!;
        Assert.Equal(["key", "board"], document["components"]!["securitySchemes"]!.AsObject().Select(static scheme => scheme.Key));
        Assert.Equal(["key", "board"], WaysInto("/api/v1/figures", "get"));
        Assert.Equal(["key"], WaysInto("/api/v1/events", "post"));
        Assert.Equal(["key"], WaysInto("/api/v1/sources", "get"));
        Assert.Null(document["paths"]!["/health/live"]!["get"]!["security"]);

        IEnumerable<string> WaysInto(string path, string method) =>
            document["paths"]![path]![method]!["security"]!.AsArray().Select(static way => Assert.Single(way!.AsObject()).Key);
    }

    [Fact]
    public async Task ANameThatIsNotOurs_IsRefusedAlsoWithAKey()
    {
        using var browser = new Browser(server.Url);
        using var answer = await browser.AskAsync("/api/v1/board", shared.Reader, headers: "Host: evil.example");
        Assert.Equal(HttpStatusCode.MisdirectedRequest, answer.StatusCode);
        using var direct = await browser.AskAsync("/board?token=x", headers: "Host: evil.example");
        Assert.Equal(HttpStatusCode.MisdirectedRequest, direct.StatusCode);
    }

    [Fact]
    public async Task Secrets_AreKeptAsHashes_InFilesOfTheOwnerAlone()
    {
        Assert.Equal(200, await server.StatusAsync("/api/v1/units", shared.Reader));
        var (file, audit) = (await File.ReadAllTextAsync(server.FilePath), await File.ReadAllTextAsync(server.AuditPath));
        string[] secrets = [shared.Reader, shared.Poster, shared.Operator, AccessServer.PostKey];
        Assert.All(secrets, key => Assert.DoesNotContain(key, file + audit + server.Said));
        Assert.DoesNotContain("127.0.0.1", audit);
        if (!OperatingSystem.IsWindows())
        {
            var modes = Directory.EnumerateFiles(Path.GetDirectoryName(server.FilePath)!, "access*").Select(File.GetUnixFileMode).ToList();
            Assert.All(modes, mode => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, mode));
        }

        Assert.Contains(server.Audit(), line => Is(line, "key_created", "reader") && (string?)line["what"] == "read");
        Assert.Contains(server.Audit(), line => Is(line, "first_used", "reader"));
    }

    [Fact]
    public async Task ACaseIsAskedFor_WithAKeyInAFile()
    {
        var (secret, apiKey) = (server.Folder.File("pseudonym.secret"), server.Folder.File("read.secret"));
        await File.WriteAllTextAsync(secret, "00112233445566778899aabbccddeeff\n");
        await File.WriteAllTextAsync(apiKey, shared.Reader + "\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(secret, UnixFileMode.UserRead);
        }

        string[] asked = ["case", "H31-unknown", "--url", server.Url.ToString(), "--pseudonym-key", secret];
        Assert.Equal(ExitCode.Unavailable, await CommandTree.RunAsync(asked));
        await AccessServer.UntilAsync(async () => await CommandTree.RunAsync([.. asked, "--api-key", apiKey]) == ExitCode.CheckFailed);
    }

    private static bool Is(JsonNode line, string act, string? name) => (string?)line["act"] == act && (string?)line["name"] == name;

    private string? KeyOf(string? who) => who switch
    {
        "reader" => shared.Reader,
        "poster" => shared.Poster,
        "operator" => shared.Operator,
        "own" => AccessServer.PostKey,
        _ => null,
    };

    private async Task<int> StatusOnBoardAsync(string path)
    {
        using var answer = await shared.Board.AskAsync(path);
        return (int)answer.StatusCode;
    }
}

using System.Diagnostics;
using KpiStream.Ingest.Host.Serving.Access;

namespace KpiStream.Ingest.Tests.Host.Serving.Access;

/// <summary>Board tokens: once in the address, then a cookie; one board and no other; gone within seconds.</summary>
public sealed class BoardTokenTests(SharedAccessServer shared) : IClassFixture<SharedAccessServer>
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly TimeSpan Seconds = TimeSpan.FromSeconds(3);

    private readonly AccessServer server = shared.Server;

    [Fact]
    public async Task ATokenInTheAddress_BecomesACookie_AndIsGoneFromTheAddress()
    {
        var token = server.Change.Create(AccessKind.Board, "once", null, static entry => entry with { Unit = AccessServer.Province })!;
        using var browser = new Browser(server.Url);
        await server.KnowsAsync(AccessKind.Board, token);
        using var answer = await browser.AskAsync($"/board?screen=units&token={token}");
        Assert.Equal("/board?screen=units", answer.Headers.Location!.OriginalString);
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        Assert.Equal(["httponly", "path=/", "samesite=strict"], cookie.Split("; ").Skip(1).Where(static part => !part.StartsWith("expires=")).Order());
        Assert.DoesNotContain(token, cookie);
        Assert.Contains("no-referrer", answer.Headers.GetValues("Referrer-Policy"));
        Assert.Equal(200, (await browser.ReadAsync("/board?screen=units")).Status);

        // A cookie that must not follow a link of another site would not follow its redirection either.
        using var linked = await browser.AskAsync($"/board?token={token}", headers: "Sec-Fetch-Site: cross-site");
        Assert.Equal(HttpStatusCode.OK, linked.StatusCode);
        var page = await linked.Content.ReadAsStringAsync();
        Assert.Contains("url=/board\"", page);
        Assert.DoesNotContain(token, page);
    }

    [Fact]
    public async Task AToken_TakesThePlaceOfASession_WhichWouldBeAskedFirst()
    {
        var token = server.Change.Create(AccessKind.Board, "instead", null, static entry => entry with { Unit = AccessServer.Province })!;
        await server.KnowsAsync(AccessKind.Board, token);
        using var browser = new Browser(server.Url);
        using var answer = await browser.AskAsync($"/board?token={token}", headers: $"Cookie: {OidcSignIn.CookieName}=of-a-person");
        var cookies = answer.Headers.GetValues("Set-Cookie").ToList();
        Assert.Contains(cookies, static cookie => cookie.StartsWith($"{OidcSignIn.CookieName}=; expires=Thu, 01 Jan 1970"));
        Assert.Contains(cookies, static cookie => cookie.StartsWith($"{BoardTokenSignIn.CookieName}="));
    }

    [Fact]
    public async Task ATokenOfOneUnit_ShowsThatUnitAndNoOther()
    {
        using var browser = await server.OpenBoardAsync("one unit", AccessServer.Unit);
        var token = server.Change.Create(AccessKind.Board, "same unit", null, static entry => entry with { Unit = AccessServer.Unit })!;
        await server.KnowsAsync(AccessKind.Board, token);
        using var led = await browser.AskAsync($"/board?token={token}");
        Assert.Equal($"/board?unit={AccessServer.Unit}&screen=figures", led.Headers.Location!.OriginalString);

        await AccessServer.UntilAsync(async () => (await browser.ReadAsync("/api/v1/board")).Status == 200);
        var frame = JsonNode.Parse((await browser.ReadAsync("/api/v1/board")).Text)!;
        Assert.Equal((AccessServer.Unit, null), ((string?)frame["province"]!["code"], (string?)frame["above"]));
        Assert.Equal(AccessServer.Unit, (string?)Assert.Single(frame["units"]!.AsArray())!["code"]);
        Assert.Equal(frame["units"]![0]!["cells"]!.ToJsonString(), frame["headline"]!.ToJsonString());
        Assert.Equal((200, 403, 403, 403, 403), (
            (await browser.ReadAsync($"/api/v1/figures?unit={AccessServer.Unit}")).Status,
            (await browser.ReadAsync($"/api/v1/figures?unit={AccessServer.OtherUnit}")).Status,
            (await browser.ReadAsync("/api/v1/series?kpi=arisen")).Status,
            (await browser.ReadAsync($"/api/v1/stream?unit={AccessServer.OtherUnit}")).Status,
            (await browser.ReadAsync("/api/v1/alerts")).Status));
        Assert.Equal((403, 403), ((await browser.ReadAsync($"/api/v1/pace?unit={AccessServer.Province}")).Status,
            (await browser.ReadAsync($"/api/v1/units/{AccessServer.OtherUnit}")).Status));
        Assert.Equal(200, (await browser.ReadAsync($"/api/v1/units/{AccessServer.Unit}")).Status);

        // What it has painted it may say; which boards there are it may not ask, and strike none off.
        using var report = await browser.AskAsync("/api/v1/boards", method: HttpMethod.Post, body: "{}");
        using var strike = await browser.AskAsync("/api/v1/boards/x", method: HttpMethod.Delete);
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.Forbidden, 403),
            (report.StatusCode, strike.StatusCode, (await browser.ReadAsync("/api/v1/boards")).Status));
        Assert.Contains("unit=CODE", (await browser.ReadAsync("/api/v1/figures")).Text);
    }

    [Fact]
    public async Task APublicBoard_HidesSmallCounts_InFrameAndStream_AndAnswersNothingElse()
    {
        // Three cases of one unit, in a province that has no others.
        var lines = string.Join('\n', Enumerable.Range(0, 3).Select(
            number => CaseLines.Accepted($"H31-p{number}", AccessServer.OtherUnit, DateTimeOffset.UtcNow.AddHours(-2))));
        Assert.Equal(200, await server.StatusAsync("/api/v1/events", shared.Poster, HttpMethod.Post, lines));
        using var browser = await server.OpenBoardAsync("hall", isPublic: true);
        await AccessServer.UntilAsync(async () => await DenominatorAsync(shared.Board) is >= 3 and < 5 && await DenominatorAsync(browser) == 0);
        using var stream = await browser.AskAsync("/api/v1/stream");
        using var reader = new StreamReader(await stream.Content.ReadAsStreamAsync());
        var streamed = await Browser.NextFrameAsync(reader);
        foreach (var frame in (JsonNode[])[JsonNode.Parse((await browser.ReadAsync("/api/v1/board")).Text)!, streamed])
        {
            Assert.Equal(("too_few", true), ((string?)frame["headline"]!["received"]!["s"], (bool?)frame["headline"]!["received"]!["hidden"]));
            var unit = frame["units"]!.AsArray().Single(static one => (string?)one!["code"] == AccessServer.OtherUnit)!;
            Assert.True((bool?)unit["cells"]!["received"]!["hidden"]);
            Assert.Contains("không công bố số dưới 5", frame["trust"]!["notes"]!.ToJsonString(Plain));
        }

        // Cut out by itself, a unit would tell what is hidden on the whole board.
        var cut = JsonNode.Parse((await browser.ReadAsync($"/api/v1/board?unit={AccessServer.OtherUnit}")).Text)!;
        Assert.Equal((AccessServer.Province, true), ((string?)cut["province"]!["code"], (bool?)cut["headline"]!["received"]!["hidden"]));

        foreach (var path in (string[])["figures?kpi=received", "series?kpi=received", "alerts", "pace", $"units/{AccessServer.OtherUnit}"])
        {
            Assert.Equal(403, (await browser.ReadAsync($"/api/v1/{path}")).Status);
        }
    }

    [Fact]
    public async Task ARevokedToken_EndsAnOpenStreamWithinSeconds_AndLetsNobodyInAgain()
    {
        using var browser = await server.OpenBoardAsync("to be revoked");
        using var stream = await browser.AskAsync("/api/v1/stream");
        using var lines = new StreamReader(await stream.Content.ReadAsStreamAsync());
        await Browser.NextFrameAsync(lines);
        var waited = Stopwatch.StartNew();
        Assert.Equal(ExitCode.Ok, server.Change.Revoke(AccessKind.Board, "to be revoked"));
        await ReadToTheEndAsync(lines).WaitAsync(KpiStreamProcess.Limit);
        Assert.InRange(waited.Elapsed, TimeSpan.Zero, Seconds);
        Assert.Equal(401, (await browser.ReadAsync("/api/v1/board")).Status);
        Assert.Empty(browser.Cookies);

        // Others are still looking.
        Assert.Equal(200, (await shared.Board.ReadAsync("/board")).Status);
    }

    [Fact]
    public async Task AKeyThatHasExpired_OrThatIsRevoked_LetsNobodyIn()
    {
        var key = server.Change.Create(AccessKind.Key, "short", TimeSpan.FromSeconds(2), static entry => entry with { Roles = [AccessRole.Read] })!;
        await server.KnowsAsync(AccessKind.Key, key);
        await AccessServer.UntilAsync(() => IsRefusedAsync(key));
        var other = await server.CreateKeyAsync("revoked", AccessRole.Read);
        Assert.Equal(ExitCode.Ok, server.Change.Revoke(AccessKind.Key, "revoked"));
        await AccessServer.UntilAsync(() => IsRefusedAsync(other));
    }

    /// <summary>A request that is answered at the moment at which its key ends is cut off.</summary>
    private async Task<bool> IsRefusedAsync(string key)
    {
        try
        {
            return await server.StatusAsync("/api/v1/units", key) == 401;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    [Fact]
    public async Task ACookieOfOurKind_ThatWeDidNotMake_LetsNobodyIn()
    {
        using var browser = new Browser(server.Url);
        using var answer = await browser.AskAsync("/api/v1/board", headers: $"Cookie: {BoardTokenSignIn.CookieName}=CfDJ8AAAA");
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    private static async Task<long?> DenominatorAsync(Browser browser) => await browser.ReadAsync("/api/v1/board") is (200, var text)
        ? (long)JsonNode.Parse(text)!["headline"]!["received"]!["d"]! : null;

    private static async Task ReadToTheEndAsync(StreamReader lines)
    {
        try
        {
            while (await lines.ReadLineAsync() is not null)
            {
            }
        }
        catch (Exception error) when (error is IOException or HttpRequestException)
        {
            // The connection is cut.
        }
    }
}

using System.Diagnostics;
using KpiStream.Ingest.Host.Serving.Access;

namespace KpiStream.Ingest.Tests.Host.Serving.Access;

/// <summary>A real nginx in front, which ends TLS and passes the way there on.</summary>
public sealed class NginxTests
{
    private const string Name = "kpi.example.vn";

    [Fact]
    public async Task ABoardBehindNginx_IsOpenedByToken_FollowsItsStream_And502IsSaidWhileTheServerIsAway()
    {
        using var folder = new TemporaryFolder();
        await using var server = await AccessServer.StartAsync((settings, _) => settings with
        {
            Http = new HttpSettings { Port = 0, AllowedHosts = [Name], Proxy = new ProxySettings([IPNetwork.Parse("127.0.0.1/32")]) },
        });
        var port = FreePorts.Take();
        await using (await NginxProxy.StartAsync(folder, port, server.Url, Name))
        {
            using var browser = new Browser(new Uri($"https://127.0.0.1:{port}"));
            browser.Http.DefaultRequestHeaders.Host = Name;
            var token = server.Change.Create(AccessKind.Board, "wall", null, static entry => entry with { Unit = AccessServer.Province })!;
            await server.KnowsAsync(AccessKind.Board, token);
            using var opened = await browser.AskAsync($"/board?token={token}");
            Assert.Equal((HttpStatusCode.Redirect, "/board"), (opened.StatusCode, opened.Headers.Location!.OriginalString));
            var cookie = Assert.Single(opened.Headers.GetValues("Set-Cookie"));
            Assert.Contains("; secure", cookie);
            var sent = $"Cookie: {cookie.Split(';')[0]}";
            using var page = await browser.AskAsync("/board", headers: sent);
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);

            using var stream = await browser.AskAsync("/api/v1/stream", headers: sent);
            using var lines = new StreamReader(await stream.Content.ReadAsStreamAsync());
            Assert.Equal(AccessServer.Province, (string?)(await Browser.NextFrameAsync(lines))["province"]!["code"]);

            Assert.Equal(ExitCode.Ok, await server.StopAsync());
            using var away = await browser.AskAsync("/board", headers: sent);
            Assert.Equal(HttpStatusCode.BadGateway, away.StatusCode);
        }
    }
}

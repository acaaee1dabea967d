using System.Diagnostics;
using KpiStream.Ingest.Host.Serving.Access;

namespace KpiStream.Ingest.Tests.Host.Serving.Access;

/// <summary>A real nginx in front, which ends TLS and passes the way there on.</summary>
public sealed class NginxTests
{
    private const string Name = "kpi.example.vn";
    private static readonly string[] Places = ["/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx"];

    [Fact]
    public async Task ABoardBehindNginx_IsOpenedByToken_FollowsItsStream_And502IsSaidWhileTheServerIsAway()
    {
        var program = Array.Find(Places, File.Exists);
        Assert.SkipWhen(program is null, "nginx is not installed (Debian: nginx-light)");
        using var folder = new TemporaryFolder();
        await using var server = await AccessServer.StartAsync((settings, _) => settings with
        {
            Http = new HttpSettings { Port = 0, AllowedHosts = [Name], Proxy = new ProxySettings([IPNetwork.Parse("127.0.0.1/32")]) },
        });
        var port = FreePorts.Take();
        using var nginx = await StartAsync(program!, folder, port, server.Url);
        try
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
        finally
        {
            nginx.Kill(entireProcessTree: true);
            await nginx.WaitForExitAsync();
        }
    }

    private static async Task<Process> StartAsync(string program, TemporaryFolder folder, int port, Uri server)
    {
        TlsTests.WritePem(folder, Name);
        var root = folder.Path;
        await File.WriteAllTextAsync(folder.File("nginx.conf"), $$"""
            user root;
            daemon off;
            master_process off;
            pid {{root}}/nginx.pid;
            error_log {{root}}/error.log;
            events { worker_connections 64; }
            http {
                access_log off;
                client_body_temp_path {{root}}/body; proxy_temp_path {{root}}/proxy; fastcgi_temp_path {{root}}/fcgi;
                uwsgi_temp_path {{root}}/uwsgi; scgi_temp_path {{root}}/scgi;
                server {
                    listen 127.0.0.1:{{port}} ssl;
                    server_name {{Name}};
                    ssl_certificate {{root}}/cert.pem;
                    ssl_certificate_key {{root}}/key.pem;
                    location / {
                        proxy_pass {{server.GetLeftPart(UriPartial.Authority)}};
                        proxy_http_version 1.1;
                        proxy_set_header Connection "";
                        proxy_set_header Host $host;
                        proxy_set_header X-Forwarded-For $remote_addr;
                        proxy_set_header X-Forwarded-Proto $scheme;
                        proxy_set_header X-Forwarded-Host $host;
                        proxy_buffering off;
                    }
                }
            }
            """);
        var nginx = Process.Start(new ProcessStartInfo(program, ["-p", root, "-e", $"{root}/error.log", "-c", $"{root}/nginx.conf"])
        {
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        await AccessServer.UntilAsync(async () =>
        {
            Assert.False(nginx.HasExited, nginx.HasExited ? await nginx.StandardError.ReadToEndAsync() : "");
            return await IsOpenAsync(port);
        });
        return nginx;
    }

    private static async Task<bool> IsOpenAsync(int port)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

using System.Diagnostics;

namespace KpiStream.Ingest.Tests.Host.Serving.Access;

/// <summary>A real nginx in front of a server, ended with the test.</summary>
internal sealed class NginxProxy(Process nginx) : IAsyncDisposable
{
    private static readonly string[] Places = ["/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx"];

    /// <summary>Starts one; skips the test where there is none.</summary>
    /// <param name="folder">Where it keeps its files.</param>
    /// <param name="port">Where it listens on this machine.</param>
    /// <param name="server">Whom it asks.</param>
    /// <param name="name">For its certificate; null for plain HTTP.</param>
    public static async Task<NginxProxy> StartAsync(TemporaryFolder folder, int port, Uri server, string? name)
    {
        var program = Array.Find(Places, File.Exists);
        Assert.SkipWhen(program is null, "nginx is not installed (Debian: nginx-light)");
        var root = folder.Path;
        var tls = "";
        if (name is not null)
        {
            TlsTests.WritePem(folder, name);
            tls = $"server_name {name}; ssl_certificate {root}/cert.pem; ssl_certificate_key {root}/key.pem;";
        }

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
                    listen 127.0.0.1:{{port}}{{(name is null ? "" : " ssl")}};
                    {{tls}}
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
        var nginx = Process.Start(new ProcessStartInfo(program!, ["-p", root, "-e", $"{root}/error.log", "-c", $"{root}/nginx.conf"])
        {
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        await AccessServer.UntilAsync(async () =>
        {
            Assert.False(nginx.HasExited, nginx.HasExited ? await nginx.StandardError.ReadToEndAsync() : "");
            return await IsOpenAsync(port);
        });
        return new NginxProxy(nginx);
    }

    public async ValueTask DisposeAsync()
    {
        nginx.Kill(entireProcessTree: true);
        await nginx.WaitForExitAsync();
        nginx.Dispose();
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

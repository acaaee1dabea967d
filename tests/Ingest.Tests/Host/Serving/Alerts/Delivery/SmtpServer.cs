using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;

namespace KpiStream.Ingest.Tests.Host.Serving.Alerts.Delivery;

/// <summary>A real mail server, Debian's aiosmtpd, with a certificate of an authority made for the test. Gone with the test.</summary>
internal sealed class SmtpServer : IAsyncDisposable
{
    private const string Script = """
        import asyncio, json, ssl, sys
        from aiosmtpd.smtp import SMTP, AuthResult

        class Keep:
            def __init__(self):
                self.later = True
            async def handle_RCPT(self, server, session, envelope, address, options):
                if address.startswith("nobody@"):
                    return "550 5.1.1 no such user"
                if address.startswith("later@") and self.later:
                    self.later = False
                    return "451 4.7.1 come again"
                envelope.rcpt_tos.append(address)
                return "250 OK"
            async def handle_DATA(self, server, session, envelope):
                print(json.dumps({"tls": server.transport.get_extra_info("ssl_object") is not None, "user": getattr(session, "user", None),
                    "to": envelope.rcpt_tos,
                                  "mail": envelope.content.decode("utf-8")}), flush=True)
                return "250 2.0.0 taken"

        def authenticate(server, session, envelope, mechanism, data):
            good = data.login == b"kpi" and data.password == b"mat-khau"
            session.user = "kpi" if good else None
            return AuthResult(success=good, handled=False)

        async def main(mode):
            tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            tls.load_cert_chain("server.pem", "server.key")
            common = {"hostname": "localhost", "authenticator": authenticate, "enable_SMTPUTF8": False}
            keep = Keep()
            if mode == "tls":
                make = lambda: SMTP(keep, auth_require_tls=False, auth_required=True, **common)
                server = await asyncio.get_running_loop().create_server(make, "127.0.0.1", 0, ssl=tls)
            elif mode == "clear":
                server = await asyncio.get_running_loop().create_server(lambda: SMTP(keep, **common), "127.0.0.1", 0)
            else:
                make = lambda: SMTP(keep, tls_context=tls, require_starttls=True, auth_required=True, **common)
                server = await asyncio.get_running_loop().create_server(make, "127.0.0.1", 0)
            print(server.sockets[0].getsockname()[1], flush=True)
            await server.serve_forever()

        asyncio.run(main(sys.argv[1]))
        """;

    private readonly Process process;
    private readonly TemporaryFolder folder;
    private readonly Channel<JsonNode> received = System.Threading.Channels.Channel.CreateUnbounded<JsonNode>();
    private readonly TaskCompletionSource<int> port = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task reading;

    private SmtpServer(Process process, TemporaryFolder folder)
    {
        (this.process, this.folder) = (process, folder);
        reading = ReadAsync();
    }

    public string AuthorityFile => folder.File("ca.pem");

    public int Port => port.Task.GetAwaiter().GetResult();

    /// <summary>Starts it, or skips the test where Debian's package is not installed.</summary>
    /// <param name="mode"><c>starttls</c>, <c>tls</c> from the first byte, or <c>clear</c>: without any.</param>
    public static async Task<SmtpServer> StartOrSkipAsync(string mode)
    {
        Assert.SkipUnless(Directory.Exists("/usr/lib/python3/dist-packages/aiosmtpd"), "python3-aiosmtpd is not installed");
        var own = new TemporaryFolder();
        await File.WriteAllTextAsync(own.File("server.py"), Script);
        WriteCertificates(own);
        var server = new SmtpServer(Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-W", "ignore", "server.py", mode])
        {
            WorkingDirectory = own.Path,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!, own);
        await server.port.Task.WaitAsync(KpiStreamProcess.Limit);
        return server;
    }

    public async Task<JsonNode> NextAsync()
    {
        using var limit = new CancellationTokenSource(KpiStreamProcess.Limit);
        return await received.Reader.ReadAsync(limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await reading;
        process.Dispose();
        folder.Dispose();
    }

    private static void WriteCertificates(TemporaryFolder folder)
    {
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authority = new CertificateRequest("CN=An office's own authority", authorityKey, HashAlgorithmName.SHA256);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var root = authority.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(2));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(root, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1), [1, 2, 3, 4]);
        File.WriteAllText(folder.File("ca.pem"), root.ExportCertificatePem());
        File.WriteAllText(folder.File("server.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(folder.File("server.key"), key.ExportPkcs8PrivateKeyPem());
    }

    private async Task ReadAsync()
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (!port.Task.IsCompleted)
            {
                port.SetResult(int.Parse(line));
            }
            else
            {
                await received.Writer.WriteAsync(JsonNode.Parse(line)!);
            }
        }

        port.TrySetException(new InvalidOperationException("the mail server has ended"));
    }
}

using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using KpiStream.Ingest.Host.Serving.Access;

namespace KpiStream.Ingest.Tests.Host.Serving.Access;

/// <summary>HTTPS with a certificate that is renewed while the server runs.</summary>
public sealed class TlsTests
{
    [Fact]
    public async Task ARenewedCertificate_IsUsedWithoutARestart_AndABadOneIsNot()
    {
        await using var server = await AccessServer.StartAsync(static (settings, folder) =>
        {
            WritePem(folder, "first");
            return settings with { Http = settings.Http with { Tls = new TlsSettings(folder.File("cert.pem"), folder.File("key.pem"), null, null) } };
        });
        Assert.Equal("https", server.Url.Scheme);
        Assert.Equal("CN=first", await SubjectAsync(server));
        using var browser = await server.OpenBoardAsync("wall");
        Assert.True(Assert.Single(browser.Cookies.Cast<Cookie>()).Secure);

        WritePem(server.Folder, "second");
        await AccessServer.UntilAsync(async () => await SubjectAsync(server) == "CN=second");
        Assert.Contains("TLS: a new certificate is in use", server.Said);

        // The key of another certificate, and then nothing at all.
        WritePem(server.Folder, "third", keyName: "other.pem");
        await AccessServer.UntilAsync(() => server.Said.Contains("The certificate of before stays in use"));
        Assert.Equal("CN=second", await SubjectAsync(server));
        File.Delete(server.Folder.File("cert.pem"));
        await AccessServer.UntilAsync(() => server.Said.Split("stays in use").Length == 3);
        Assert.Equal("CN=second", await SubjectAsync(server));
        WritePem(server.Folder, "fourth");
        await AccessServer.UntilAsync(async () => await SubjectAsync(server) == "CN=fourth");
    }

    [Fact]
    public async Task APfxFileWithAPassword_IsServed_ReachableByItsAddress()
    {
        await using var server = await AccessServer.StartAsync(static (settings, folder) =>
        {
            using var certificate = Create("packed");
            File.WriteAllBytes(folder.File("cert.pfx"), certificate.Export(X509ContentType.Pkcs12, "öffne"));
            File.WriteAllText(folder.File("password"), "öffne\n");
            new AccessChange(settings, Shipped.Units("hungyen"), TimeProvider.System).Create(AccessKind.Key, "first", null, static entry => entry with
            {
                Roles = [AccessRole.Read],
            });
            var tls = new TlsSettings(null, null, folder.File("cert.pfx"), folder.File("password"));
            return settings with { Http = new HttpSettings { Port = 0, Listen = "0.0.0.0", Tls = tls } };
        });
        Assert.Equal("CN=packed", await SubjectAsync(server));

        // Every address of the machine leads here, and a name only when it is ours.
        using var browser = new Browser(server.Url);
        using var named = await browser.AskAsync("/health/live", headers: "Host: 0.0.0.0");
        Assert.Equal(HttpStatusCode.MisdirectedRequest, named.StatusCode);
        if (Reachable.OwnAddress() is { } own)
        {
            using var outside = new Browser(new UriBuilder(server.Url) { Host = own.ToString() }.Uri);
            Assert.Equal((200, 401), ((await outside.ReadAsync("/health/live")).Status, (await outside.ReadAsync("/board")).Status));
        }
    }

    [Theory]
    [InlineData("missing.pem", "key.pem")]
    [InlineData("cert.pem", "missing.pem")]
    [InlineData("cert.pem", "other.pem")]
    [InlineData("key.pem", "key.pem")]
    public void FilesThatAreNoCertificateWithItsKey_AreRefusedAtTheStart_ByName(string certificate, string key)
    {
        using var folder = new TemporaryFolder();
        WritePem(folder, "other", "cert.pem", "other.pem");
        WritePem(folder, "good");
        var http = new HttpSettings { Tls = new TlsSettings(folder.File(certificate), folder.File(key), null, null) };
        var problem = Assert.Single(AccessServer.RefusalOf(new Settings { Http = http, StateFolder = folder.File("state") }));
        Assert.Contains($"The certificate in {folder.File(certificate)} cannot be used", problem.Message);
    }

    [Fact]
    public void AServerOthersReach_WithoutAnybodyWhoMayLook_IsRefusedAtTheStart()
    {
        using var folder = new TemporaryFolder();
        var settings = new Settings
        {
            Http = new HttpSettings { Listen = "0.0.0.0", Proxy = new ProxySettings([IPNetwork.Parse("10.0.0.5/32")]) },
            Access = new AccessSettings(),
            StateFolder = folder.Path,
        };
        Assert.Contains("kpistream board-token create", Assert.Single(AccessServer.RefusalOf(settings)).Message);
        Assert.NotNull(new AccessChange(settings, Shipped.Units("hungyen"), TimeProvider.System).Create(AccessKind.Board, "wall", null, static entry => entry));
        Assert.Empty(AccessServer.RefusalOf(settings));
    }

    private static async Task<string> SubjectAsync(AccessServer server)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, server.Url.Port);
        await using var secured = new SslStream(client.GetStream());
        await secured.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", CertificateChainPolicy = AnyCertificate() });
        return secured.RemoteCertificate!.Subject;
    }

    /// <summary>Takes a certificate of nobody for a name that is not its own.</summary>
    internal static X509ChainPolicy AnyCertificate() => new()
    {
        VerificationFlags = X509VerificationFlags.AllFlags,
        RevocationMode = X509RevocationMode.NoCheck,
    };

    internal static void WritePem(TemporaryFolder folder, string name, string certName = "cert.pem", string keyName = "key.pem")
    {
        using var certificate = Create(name);
        File.WriteAllText(folder.File(certName), certificate.ExportCertificatePem());
        File.WriteAllText(folder.File(keyName), certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
    }

    internal static X509Certificate2 Create(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}

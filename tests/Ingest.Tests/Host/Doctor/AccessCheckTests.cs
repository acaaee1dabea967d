using System.Runtime.Versioning;
using System.Security.Cryptography.X509Certificates;
using KpiStream.Ingest.Host.Doctor;
using KpiStream.Ingest.Host.Serving.Access;
using KpiStream.Ingest.Tests.Host.Serving.Access;
using Microsoft.Extensions.Time.Testing;

namespace KpiStream.Ingest.Tests.Host.Doctor;

[UnsupportedOSPlatform("windows")]
public sealed class AccessCheckTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(0, Health.Warning, "renew it; a server that runs takes the new files by itself")]
    [InlineData(30, Health.Problem, "not valid now")]
    [InlineData(-30, Health.Problem, "not valid now")]
    internal async Task ACertificate_IsJudgedByItsDates(int days, Health health, string said)
    {
        TlsTests.WritePem(folder, "kpi");
        var settings = new Settings { Http = new HttpSettings { Tls = new TlsSettings(folder.File("cert.pem"), folder.File("key.pem"), null, null) } };
        File.SetUnixFileMode(folder.File("key.pem"), UnixFileMode.UserRead);
        DoctorTests.Must(health, said, await LookAsync(settings, DateTimeOffset.UtcNow.AddDays(days)));
        File.WriteAllText(folder.File("cert.pem"), "");
        DoctorTests.Must(Health.Problem, "cannot be used", await LookAsync(settings, DateTimeOffset.UtcNow));
    }

    [Fact]
    public async Task AKeyThatEverybodyMayRead_IsAWarning()
    {
        using var certificate = TlsTests.Create("kpi");
        File.WriteAllBytes(folder.File("kpi.pfx"), certificate.Export(X509ContentType.Pkcs12));
        File.SetUnixFileMode(folder.File("kpi.pfx"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        var settings = new Settings { Http = new HttpSettings { Tls = new TlsSettings(null, null, folder.File("kpi.pfx"), null) } };
        DoctorTests.Must(Health.Warning, $"chmod 640 {folder.File("kpi.pfx")}", await LookAsync(settings, DateTimeOffset.UtcNow));
    }

    [Fact]
    public async Task KeysThatAreMissingOrCannotBeRead_AProxyWithoutNames_AndASilentProvider_AreFound()
    {
        var settings = new Settings { Access = new AccessSettings { Folder = folder.Path }, Http = new HttpSettings { Listen = "0.0.0.0" } };
        DoctorTests.Must(Health.Problem, "nobody could see anything", await LookAsync(settings, DateTimeOffset.UtcNow));
        new AccessChange(settings, Shipped.Units("hungyen"), TimeProvider.System).Create(AccessKind.Board, "wall", TimeSpan.FromDays(1), static entry => entry);
        DoctorTests.Must(Health.Ok, "1 board tokens, 0 API keys", await LookAsync(settings, DateTimeOffset.UtcNow));
        DoctorTests.Must(Health.Problem, "1 of them ended", await LookAsync(settings, DateTimeOffset.UtcNow.AddDays(2)));
        var proxied = settings with { Http = new HttpSettings { Proxy = new ProxySettings([IPNetwork.Parse("10.0.0.5/32")]) } };
        DoctorTests.Must(Health.Warning, "all but localhost get 421", await LookAsync(proxied, DateTimeOffset.UtcNow));
        var silent = new OidcSettings(new Uri($"http://127.0.0.1:{FreePorts.Take()}"), "kpi");
        DoctorTests.Must(Health.Problem, "does not answer as a provider does",
            await LookAsync(settings with { Access = settings.Access with { Oidc = silent } }, DateTimeOffset.UtcNow));
        File.WriteAllText(Path.Combine(folder.Path, AccessFile.Name), "no");
        DoctorTests.Must(Health.Problem, "is not as this program writes it", await LookAsync(settings, DateTimeOffset.UtcNow));
    }

    private static async Task<List<Finding>> LookAsync(Settings settings, DateTimeOffset now)
    {
        var findings = new List<Finding>();
        await foreach (var finding in AccessCheck.LookAsync(settings, new FakeTimeProvider(now), CancellationToken.None))
        {
            findings.Add(finding);
        }

        return findings;
    }
}

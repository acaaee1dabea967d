using System.Runtime.CompilerServices;
using KpiStream.Ingest.Host.Serving.Access;

namespace KpiStream.Ingest.Host.Doctor;

/// <summary>What others need to connect: certificate, proxy, keys and tokens, the provider at which people sign in. Changes nothing.</summary>
internal static class AccessCheck
{
    private const string Tls = "certificate";
    private const string Proxy = "proxy";
    private const string Access = "access";
    private const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    private static readonly TimeSpan Soon = TimeSpan.FromDays(14);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static async IAsyncEnumerable<Finding> LookAsync(Settings settings, TimeProvider time, [EnumeratorCancellation] CancellationToken stop)
    {
        if (settings.Http.Tls is { } tls)
        {
            foreach (var finding in LookAt(tls, time.GetUtcNow()))
            {
                yield return finding;
            }
        }

        if (settings.Http.Proxy is { } proxy)
        {
            yield return LookAt(proxy, settings.Http);
        }

        if (settings.Access is null)
        {
            yield break;
        }

        yield return LookAtKeys(settings, time.GetUtcNow());
        if (settings.Access.Oidc is { } oidc)
        {
            yield return await LookAsync(oidc, stop);
        }
    }

    private static IEnumerable<Finding> LookAt(TlsSettings tls, DateTimeOffset now)
    {
        yield return Certificate(tls, now);
        if (OperatingSystem.IsWindows())
        {
            yield break;
        }

        foreach (var file in ((string?[])[tls.Pfx ?? tls.Key ?? tls.Certificate, tls.PasswordFile]).OfType<string>().Where(File.Exists))
        {
            if ((File.GetUnixFileMode(file) & Others) != UnixFileMode.None)
            {
                yield return Finding.Warning(Tls, $"{file} holds a secret and may be read or written by everybody on this machine: run 'chmod 640 {file}'.");
            }
        }
    }

    private static Finding Certificate(TlsSettings tls, DateTimeOffset now)
    {
        try
        {
            using var leaf = ServerCertificate.Load(tls).Leaf;
            var (from, to) = (new DateTimeOffset(leaf.NotBefore), new DateTimeOffset(leaf.NotAfter));
            var what = $"{tls.Files[0]}, {leaf.Subject}, valid from {from.UtcDateTime:yyyy-MM-dd} to {to.UtcDateTime:yyyy-MM-dd}";
            return now < from || now >= to ? Finding.Problem(Tls, $"{what}: not valid now, and browsers refuse it; renew it.", ExitCode.Configuration)
                : to - now < Soon ? Finding.Warning(Tls, $"{what}: renew it; a server that runs takes the new files by itself.")
                : Finding.Ok(Tls, what);
        }
        catch (IOException error)
        {
            return Finding.Problem(Tls, error.Message, ExitCode.Configuration);
        }
    }

    private static Finding LookAt(ProxySettings proxy, HttpSettings http) => http.AllowedHosts.Count == 0
        ? Finding.Warning(Proxy, "the proxy passes on the names that browsers ask for, and none is under http.allowed_hosts: all but localhost get 421.")
        : Finding.Ok(Proxy, $"forwarded headers are believed from {string.Join(", ", proxy.Addresses)}; names answered: "
            + $"{string.Join(", ", http.AllowedHosts)}");

    private static Finding LookAtKeys(Settings settings, DateTimeOffset now)
    {
        var file = new AccessFile(AccessParts.FolderOf(settings));
        try
        {
            var all = file.Read();
            var ended = all.Count(one => !one.IsValidAt(now));
            var boards = all.Count(static one => one.Kind == AccessKind.Board);
            var what = $"{file.Path}: {boards} board tokens, {all.Count - boards} API keys{(ended > 0 ? $", {ended} of them ended" : "")}";
            return all.Count > ended || settings.Access!.KnowsPeople ? Finding.Ok(Access, what)
                : !settings.Http.IsLoopback ? Finding.Problem(
                    Access, $"{what}: nobody could see anything; run 'kpistream board-token create' or 'kpistream api-key create'.", ExitCode.Configuration)
                : Finding.Warning(Access, $"{what}: nobody can see anything; run 'kpistream board-token create' or 'kpistream api-key create'.");
        }
        catch (IOException error)
        {
            return Finding.Problem(Access, error.Message, ExitCode.Configuration);
        }
    }

    private static async Task<Finding> LookAsync(OidcSettings oidc, CancellationToken stop)
    {
        const string Check = "sign-in";
        if (oidc.ClientSecretFile is { } secret && !File.Exists(secret))
        {
            return Finding.Problem(Check, $"{secret} is not there: write the client's secret into it.", ExitCode.Configuration);
        }

        var address = $"{oidc.Authority.AbsoluteUri.TrimEnd('/')}/.well-known/openid-configuration";
        try
        {
            using var client = new HttpClient { Timeout = Patience, MaxResponseContentBufferSize = 1 << 20 };
            using var document = JsonDocument.Parse(await client.GetStringAsync(new Uri(address), stop));
            return document.RootElement.TryGetProperty("authorization_endpoint", out _) ? Finding.Ok(Check, $"{oidc.Authority} answers")
                : Finding.Problem(Check, $"{address} is no OpenID Connect provider's: check access.oidc.authority.", ExitCode.Configuration);
        }
        catch (Exception error) when (error is HttpRequestException or JsonException or TaskCanceledException && !stop.IsCancellationRequested)
        {
            return Finding.Problem(Check, $"{address} does not answer as a provider does ({error.Message.TrimEnd('.')}): check access.oidc.authority, and the "
                + "way there; until then nobody signs in.", ExitCode.Unavailable);
        }
    }
}

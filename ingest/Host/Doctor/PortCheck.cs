using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace KpiStream.Ingest.Host.Doctor;

/// <summary>The port: free, or a running <c>kpistream</c>'s, or somebody else's.</summary>
internal static class PortCheck
{
    private const string Check = "port";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static async Task<Finding> LookAsync(HttpSettings http, CancellationToken stop)
    {
        var port = http.Port.ToString();
        if (http.Port == 0)
        {
            return Finding.Ok(Check, "the system chooses one");
        }

        var address = http.ToAddress();
        if (TryBind(address, http.Port) is not { } error)
        {
            return Finding.Ok(Check, $"{port} is free");
        }

        var asked = address.Equals(IPAddress.Any) ? IPAddress.Loopback : address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : address;
        return await AnswersAsync(new UriBuilder(http.Tls is null ? "http" : "https", asked.ToString(), http.Port, "/health/live").Uri, stop)
            ? Finding.Ok(Check, $"{port} is answered by a kpistream that is running; a second one needs another --port")
            : Finding.Problem(Check, $"{port} cannot be had ({error}): end what listens there, or choose another with --port.", ExitCode.Unavailable);
    }

    private static string? TryBind(IPAddress address, int port)
    {
        try
        {
            using var listener = new TcpListener(address, port);
            listener.Start();
            return null;
        }
        catch (SocketException error)
        {
            return error.Message;
        }
    }

    private static async Task<bool> AnswersAsync(Uri health, CancellationToken stop)
    {
        try
        {
            // Any certificate will do: nothing is asked that somebody else should not know, and AccessCheck looks at ours.
            var anyOne = new X509ChainPolicy { VerificationFlags = X509VerificationFlags.AllFlags, RevocationMode = X509RevocationMode.NoCheck };
            using var handler = new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = anyOne } };
            using var client = new HttpClient(handler) { Timeout = Patience, MaxResponseContentBufferSize = 1024 };
            return await client.GetStringAsync(health, stop) == "alive";
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }
}

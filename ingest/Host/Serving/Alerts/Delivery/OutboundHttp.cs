using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace KpiStream.Ingest.Host.Serving.Alerts.Delivery;

/// <summary>HTTP clients for messages: no redirect is followed, no cookie kept, and only allowed addresses are connected to.</summary>
internal static class OutboundHttp
{
    private static readonly AddressPolicy Proxies = new([]) { AllowsAll = true };

    /// <summary>A client without a time limit of its own.</summary>
    /// <param name="policy">Which addresses.</param>
    /// <param name="authorities">Certificates trusted instead of the machine's; null for the machine's.</param>
    public static HttpClient Create(AddressPolicy policy, X509Certificate2Collection? authorities = null)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false, // It would carry the secret header to an address nobody configured.
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2), // So that a name that moves is followed.
            ConnectCallback = async (context, stop) =>
            {
                var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);

                // An egress proxy is named by the environment of the process; it resolves the receiver's name, and its rules hold.
                var isProxy = context.InitialRequestMessage.RequestUri is { } asked && !asked.IdnHost.Equals(host, StringComparison.OrdinalIgnoreCase)
                    && !asked.Host.Equals(host, StringComparison.OrdinalIgnoreCase);
                var socket = await (isProxy ? Proxies : policy).ConnectAsync(host, port, stop);
                return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
            },
        };
        if (authorities is not null)
        {
            handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, chain, errors) => IsTrusted(certificate, chain, errors, authorities);
        }

        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>True when a certificate is sound but for its issuer, and that is one of those given.</summary>
    public static bool IsTrusted(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors, X509Certificate2Collection authorities)
    {
        if (certificate is null || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None)
        {
            return false;
        }

        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.CustomTrustStore.AddRange(authorities);
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck; // An authority of an office's own publishes no list.
        if (chain is not null)
        {
            own.ChainPolicy.ExtraStore.AddRange(chain.ChainElements.Select(static element => element.Certificate).ToArray());
        }

        return own.Build(certificate as X509Certificate2 ?? X509CertificateLoader.LoadCertificate(certificate.GetRawCertData()));
    }
}

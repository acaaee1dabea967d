using System.Net;

namespace KpiStream.Ingest.Sources.Configuration;

/// <summary>Where the wallboard and the API listen.</summary>
public sealed record HttpSettings
{
    /// <summary>0 lets the system choose a free one.</summary>
    public int Port { get; init; } = 8080;

    /// <summary>An IP address; one that other machines reach only where <see cref="Settings.Access"/> and TLS or a proxy are configured.</summary>
    public string Listen { get; init; } = "127.0.0.1";

    /// <summary>Names this server answers to besides the loopback ones and the address that was asked.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>The certificate to answer with; null for plain HTTP.</summary>
    public TlsSettings? Tls { get; init; }

    /// <summary>The proxy whose forwarded headers are believed; null for none.</summary>
    public ProxySettings? Proxy { get; init; }

    /// <summary>The address at which people reach the board, as the settings say it; null where they do not.</summary>
    public Uri? PublicAddress { get; init; }

    /// <summary>The address at which people reach the board: that of the settings, or as far as it follows from them.</summary>
    public Uri Reached => PublicAddress ?? Guess();

    /// <summary><see cref="Listen"/> as an address.</summary>
    public IPAddress ToAddress() => IPAddress.TryParse(Listen, out var address) ? address : IPAddress.Loopback;

    /// <summary>True while only this machine can connect.</summary>
    public bool IsLoopback => IPAddress.IsLoopback(ToAddress());

    private Uri Guess()
    {
        var isAny = ToAddress() is var address && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any));
        var host = AllowedHosts is [var first, ..] ? first : IsLoopback || isAny ? "localhost" : Listen;
        var (scheme, port) = Proxy is not null ? ("https", "") : (Tls is null ? "http" : "https", $":{Port}");
        return new Uri($"{scheme}://{(host.Contains(':') ? $"[{host}]" : host)}{port}");
    }
}

/// <summary>A certificate with its private key: PEM files, or one PFX file.</summary>
/// <param name="Certificate">The PEM file of the certificate, intermediate ones behind it; null when it is a PFX file.</param>
/// <param name="Key">The PEM file of the private key; null when it is in the certificate's file.</param>
/// <param name="Pfx">The PFX file; null when it is PEM.</param>
/// <param name="PasswordFile">A file that holds the password of the key or the PFX file; null for none.</param>
public sealed record TlsSettings(string? Certificate, string? Key, string? Pfx, string? PasswordFile)
{
    /// <summary>The files, the one with the certificate first.</summary>
    public IReadOnlyList<string> Files => [.. new[] { Certificate, Pfx, Key, PasswordFile }.OfType<string>()];

    internal TlsSettings In(string directory) => new(In(directory, Certificate), In(directory, Key), In(directory, Pfx), In(directory, PasswordFile));

    internal static string? In(string directory, string? path) => path is null ? null : Path.Combine(directory, path);
}

/// <summary>A reverse proxy in front.</summary>
/// <param name="Addresses">Where its connections come from.</param>
public sealed record ProxySettings(IReadOnlyList<IPNetwork> Addresses);

using System.Net;

namespace KpiStream.Ingest.Host.Serving.Http;

/// <summary>
/// The names this server answers to: those of this machine's loopback, the address that was connected to, and those the settings allow. A page of another
/// origin that makes its own name lead to this machine (DNS rebinding) is told apart by the name it asks for. Immutable.
/// </summary>
/// <param name="listen">The address listened on.</param>
/// <param name="allowed">Names a proxy passes on, without port; letter case does not count.</param>
internal sealed class HostNames(string listen, IReadOnlyList<string> allowed)
{
    private const string Loopback = "localhost";

    private readonly HashSet<string> names = new([Loopback, .. IsAny(listen) ? (string[])[] : [listen], .. allowed], StringComparer.OrdinalIgnoreCase);

    /// <summary>What a refused client is told.</summary>
    public string Advice =>
        $"This server does not answer to that name. Ask for {Loopback} or a loopback address, or add the name to 'http.allowed_hosts' in the "
            + $"settings. It answers to: {string.Join(", ", names)}.";

    /// <summary>True for a request to one of the names, and for one that names none, which no browser sends.</summary>
    /// <param name="header">The Host header as it was sent.</param>
    /// <param name="local">The address of ours that the request came in at: no name leads a browser to its bare digits.</param>
    public bool Allows(string header, IPAddress? local = null)
    {
        if (header.Length == 0)
        {
            return true;
        }

        if (Decode(header) is not { } host)
        {
            return false;
        }

        var name = host.Host.Trim('[', ']');
        return names.Contains(name) || names.Contains(name.TrimEnd('.'))
            || (IPAddress.TryParse(name, out var address) && (IPAddress.IsLoopback(address) || IsSame(address, local)));
    }

    /// <summary>True where every address of this machine is listened on.</summary>
    public static bool IsAny(string listen) =>
        IPAddress.TryParse(listen, out var address) && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any));

    private static bool IsSame(IPAddress asked, IPAddress? local) => local is not null && asked.MapToIPv6().Equals(local.MapToIPv6());

    /// <summary>The name with its international letters; null when it is none, like xn-- with nothing behind it.</summary>
    private static HostString? Decode(string header)
    {
        try
        {
            return HostString.FromUriComponent(header);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}

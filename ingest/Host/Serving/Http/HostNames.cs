using System.Net;

namespace KpiStream.Ingest.Host.Serving.Http;

/// <summary>
/// The names this server answers to: those of this machine's loopback, the address it is bound to, and those the settings allow. A page of another origin that
/// makes its own name lead to this machine (DNS rebinding) is told apart by the name it asks for. Immutable.
/// </summary>
/// <param name="bind">The address listened on.</param>
/// <param name="allowed">Names a proxy passes on, without port; letter case does not count.</param>
internal sealed class HostNames(string bind, IReadOnlyList<string> allowed)
{
    private const string Loopback = "localhost";

    private readonly HashSet<string> names = new([Loopback, bind, .. allowed], StringComparer.OrdinalIgnoreCase);

    /// <summary>What a refused client is told.</summary>
    public string Advice =>
        $"This server does not answer to that name. Ask for {Loopback} or a loopback address, or add the name to 'http.allowed_hosts' in the "
            + $"settings. It answers to: {string.Join(", ", names)}.";

    /// <summary>True for a request to one of the names, and for one that names none, which no browser sends.</summary>
    /// <param name="header">The Host header as it was sent.</param>
    public bool Allows(string header)
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
        return names.Contains(name) || names.Contains(name.TrimEnd('.')) || (IPAddress.TryParse(name, out var address) && IPAddress.IsLoopback(address));
    }

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

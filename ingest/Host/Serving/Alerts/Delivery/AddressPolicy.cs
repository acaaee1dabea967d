using System.Net;
using System.Net.Sockets;

namespace KpiStream.Ingest.Host.Serving.Alerts.Delivery;

/// <summary>
/// Which addresses messages may be sent to. A name is resolved here and connected to by the very address that was judged, so that a name that resolves
/// otherwise a moment later leads nowhere else. Immutable.
/// </summary>
/// <param name="privateHosts">Hosts, as the settings write them, that may have an address that is not public.</param>
internal sealed class AddressPolicy(IEnumerable<string> privateHosts)
{
    private readonly HashSet<string> named = new(privateHosts.Select(Normal), StringComparer.OrdinalIgnoreCase);

    /// <summary>True where nothing is refused: for proxies, which the environment of the process names.</summary>
    public bool AllowsAll { get; init; }

    /// <summary>Resolves a name; a test may put another in its place.</summary>
    public Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;

    /// <summary>True when the settings say that a host may have a private address.</summary>
    public bool IsNamed(string host) => named.Contains(Normal(host));

    /// <summary>Connects to a host at an address that is allowed.</summary>
    /// <exception cref="RefusedAddressException">It has none.</exception>
    /// <exception cref="SocketException">It cannot be resolved or reached.</exception>
    public async Task<Socket> ConnectAsync(string host, int port, CancellationToken stop)
    {
        var addresses = await AllowedAsync(host, stop);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, stop);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>A name with one private address among public ones is refused as a whole: no honest name has both.</summary>
    private async Task<IPAddress[]> AllowedAsync(string host, CancellationToken stop)
    {
        var literal = IPAddress.TryParse(host.Trim('[', ']'), out var address);
        var addresses = literal ? [address!] : await Resolve(host, stop);
        return AllowsAll || IsNamed(host) || Array.TrueForAll(addresses, PublicAddress.IsPublic) ? addresses
            : throw new RefusedAddressException(host, Array.Find(addresses, static each => !PublicAddress.IsPublic(each))!);
    }

    private static string Normal(string host) => host.Trim('[', ']').TrimEnd('.');
}

/// <summary>A host has an address that messages may not be sent to.</summary>
internal sealed class RefusedAddressException(string host, IPAddress address)
    : IOException($"{host} is at {address}, which is not a public address; name the host under alerts.private_hosts in the settings if it is meant");

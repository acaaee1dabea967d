using System.Net.NetworkInformation;

namespace KpiStream.Ingest.Tests.Host.Serving.Access;

/// <summary>How this machine is reached by others.</summary>
internal static class Reachable
{
    /// <summary>An IPv4 address of this machine that is not its loopback; null where it has none.</summary>
    public static IPAddress? OwnAddress() => NetworkInterface.GetAllNetworkInterfaces()
        .Where(static network => network.OperationalStatus == OperationalStatus.Up)
        .SelectMany(static network => network.GetIPProperties().UnicastAddresses.Select(static address => address.Address))
        .FirstOrDefault(static address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address));
}

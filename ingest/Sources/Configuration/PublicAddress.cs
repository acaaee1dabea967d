using System.Net;

namespace KpiStream.Ingest.Sources.Configuration;

/// <summary>Tells addresses of the public internet from those of this machine, of a network of an office's own, and of no use.</summary>
public static class PublicAddress
{
    /// <summary>Networks that are not the public internet (IANA's special-purpose registries); 0.0.0.0 and :: reach this machine.</summary>
    private static readonly IPNetwork[] NotPublic =
    [
        .. ((string[])[
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
            "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "::/128", "::1/128", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
        ]).Select(IPNetwork.Parse),
    ];

    /// <summary>Networks in which an IPv4 address is embedded, and at which byte.</summary>
    private static readonly (IPNetwork Network, int At)[] Embedding = [(IPNetwork.Parse("64:ff9b::/96"), 12), (IPNetwork.Parse("2002::/16"), 2)];

    /// <summary>True for an address of the public internet.</summary>
    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return IsPublic(address.MapToIPv4());
        }

        foreach (var (network, at) in Embedding)
        {
            if (network.Contains(address))
            {
                return IsPublic(new IPAddress(address.GetAddressBytes().AsSpan(at, 4)));
            }
        }

        return !Array.Exists(NotPublic, network => network.Contains(address));
    }
}

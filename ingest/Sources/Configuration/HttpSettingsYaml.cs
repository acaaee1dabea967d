using System.Net;
using KpiStream.Ingest.Sources.Configuration.Text;

namespace KpiStream.Ingest.Sources.Configuration;

/// <summary>Reads the section <c>http</c>.</summary>
internal static class HttpSettingsYaml
{
    private const int MostAddresses = 100;

    public static HttpSettings Read(YamlSection? section)
    {
        var http = new HttpSettings();
        if (section is null)
        {
            return http;
        }

        http = http with
        {
            Port = section.Integer("port", 0, 65_535) ?? http.Port,
            Listen = ReadListen(section) ?? http.Listen,
            AllowedHosts = ReadHosts(section),
            PublicAddress = section.Find("public_address") is null ? null : section.WebAddress("public_address"),
            Tls = ReadTls(section.Section("tls")),
            Proxy = ReadProxy(section.Section("proxy")),
        };
        section.Close();
        return http;
    }

    /// <summary>The key that names the address, for messages.</summary>
    public static string KeyOfListen(YamlSection section) => section.LineOf("bind") > 0 ? "bind" : "listen";

    private static string? ReadListen(YamlSection section)
    {
        var (listen, bind) = (section.Text("listen"), section.TextOfOlder("bind"));
        if (listen is not null && bind is not null)
        {
            section.Report("bind", "is an older name of 'listen', which is set too; remove one of them");
            return null;
        }

        if ((listen ?? bind) is not { } text || text is "loopback")
        {
            return null;
        }

        if (IPAddress.TryParse(text, out var address))
        {
            return address.ToString();
        }

        section.Report(KeyOfListen(section), $"must be 'loopback' or an IP address like 127.0.0.1, 10.0.0.7 or 0.0.0.0, not '{text}'");
        return null;
    }

    private static IReadOnlyList<string> ReadHosts(YamlSection section)
    {
        var hosts = section.Texts("allowed_hosts");
        foreach (var host in hosts.Where(host => Uri.CheckHostName(host.Trim('[', ']')) is UriHostNameType.Unknown or UriHostNameType.Basic))
        {
            section.Report("allowed_hosts", $"must be names or addresses without scheme, port and wildcards, like kpi.example.vn, not '{host}'");
        }

        return hosts.Count == 0 ? [] : [.. hosts.Select(host => host.Trim('[', ']'))];
    }

    private static TlsSettings? ReadTls(YamlSection? section)
    {
        if (section is null)
        {
            return null;
        }

        var tls = new TlsSettings(section.Text("certificate"), section.Text("key"), section.Text("pfx"), section.Text("password_file"));
        if (tls.Certificate is null == tls.Pfx is null)
        {
            section.Report("certificate", "name either a PEM file with 'certificate' (and 'key'), or a PFX file with 'pfx'");
        }
        else if (tls is { Pfx: not null, Key: not null })
        {
            section.Report("key", "a PFX file holds its key; leave 'key' out");
        }

        section.Close();
        return tls;
    }

    private static ProxySettings? ReadProxy(YamlSection? section)
    {
        if (section is null)
        {
            return null;
        }

        var texts = section.Texts("addresses", mayBeEmpty: false);
        if (section.LineOf("addresses") == 0 || texts.Count > MostAddresses)
        {
            section.Report("addresses", $"must list the proxy's addresses, at most {MostAddresses}, like [10.0.0.5] or [10.0.0.0/24]");
        }

        var networks = new List<IPNetwork>();
        foreach (var text in texts)
        {
            if (NetworkOf(text) is { } network)
            {
                networks.Add(network);
            }
            else
            {
                section.Report("addresses", $"must be IP addresses or networks like 10.0.0.5 or 10.0.0.0/24, of which not all machines are part, not '{text}'");
            }
        }

        section.Close();
        return new ProxySettings(networks);
    }

    private static IPNetwork? NetworkOf(string text)
    {
        if (IPAddress.TryParse(text, out var address))
        {
            return new IPNetwork(address, address.GetAddressBytes().Length * 8);
        }

        return IPNetwork.TryParse(text, out var network) && network.PrefixLength > 0 ? network : null;
    }
}

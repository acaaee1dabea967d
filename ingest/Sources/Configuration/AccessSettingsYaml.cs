using KpiStream.Ingest.Sources.Configuration.Text;

namespace KpiStream.Ingest.Sources.Configuration;

/// <summary>Reads the section <c>access</c>, and refuses to be reached by others without it.</summary>
internal static class AccessSettingsYaml
{
    private const string Key = "access";
    private const int MostRequests = 100_000;

    public static AccessSettings? Read(YamlSection root)
    {
        if (root.Section(Key) is not { } section)
        {
            // The key alone is enough: everything below it has a default.
            return root.LineOf(Key) > 0 ? new AccessSettings() : null;
        }

        var access = new AccessSettings();
        access = access with
        {
            Folder = section.Text("folder"),
            RequestsPerSecond = section.Integer("requests_per_second", 1, MostRequests) ?? access.RequestsPerSecond,
            OpenMetrics = section.Flag("open_metrics") ?? access.OpenMetrics,
            Oidc = ReadOidc(section.Section("oidc")),
            ProxyIdentity = ReadProxyIdentity(section.Section("proxy_identity")),
        };
        if (access.ProxyIdentity is not null && (root.Section("http")?.LineOf("proxy") ?? 0) == 0)
        {
            section.Report("proxy_identity", "needs 'http.proxy', the addresses of the proxy that says who somebody is");
        }

        section.Close();
        return access;
    }

    /// <summary>Reports an address that other machines reach while anybody could read there, or keys would travel in the clear.</summary>
    public static void CheckReach(YamlSection root, Settings settings)
    {
        if (settings.Http.IsLoopback || root.Section("http") is not { } section)
        {
            return;
        }

        List<string> missing = [];
        if (settings.Access is null)
        {
            missing.Add("the section 'access' (board tokens, API keys, people who sign in)");
        }

        if (settings.Http is { Tls: null, Proxy: null })
        {
            missing.Add("either 'http.tls' (a certificate and its key) or 'http.proxy' (the addresses of the reverse proxy in front)");
        }

        if (missing.Count > 0)
        {
            section.Report(HttpSettingsYaml.KeyOfListen(section),
                $"other machines reach '{settings.Http.Listen}', which needs {string.Join(", and ", missing)}; without them only "
                    + "'loopback' may be listened on (ingest/Host/Serving/Access/README.md)");
        }
    }

    private static OidcSettings? ReadOidc(YamlSection? section)
    {
        if (section is null)
        {
            return null;
        }

        var authority = section.WebAddress("authority");
        if (authority is { IsLoopback: false } && authority.Scheme != Uri.UriSchemeHttps)
        {
            section.Report("authority", "must begin with https://, unless it is on this machine");
        }

        var clientId = section.RequiredText("client_id");
        var read = new OidcSettings(authority ?? new Uri("https://localhost"), clientId ?? "")
        {
            ClientSecretFile = section.Text("client_secret_file"),
            Roles = ReadRoles(section),
        };
        read = read with { RolesClaim = section.Text("roles_claim") ?? read.RolesClaim };
        var scopes = section.Texts("scopes");
        section.Close();
        return scopes.Count == 0 ? read : read with { Scopes = [.. scopes.Prepend("openid").Distinct()] };
    }

    private static ProxyIdentitySettings? ReadProxyIdentity(YamlSection? section)
    {
        if (section is null)
        {
            return null;
        }

        var read = new ProxyIdentitySettings();
        read = read with
        {
            UserHeader = HeaderName(section, "user_header") ?? read.UserHeader,
            RolesHeader = HeaderName(section, "roles_header") ?? read.RolesHeader,
            Roles = ReadRoles(section),
        };
        if (read.UserHeader.Equals(read.RolesHeader, StringComparison.OrdinalIgnoreCase))
        {
            section.Report("roles_header", "must be another header than user_header");
        }

        section.Close();
        return read;
    }

    private static string? HeaderName(YamlSection section, string key)
    {
        if (section.Text(key) is { } name && !(name.Length is > 0 and <= 100 && name.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter == '-')))
        {
            section.Report(key, $"must be the name of a header like X-Forwarded-User, not '{name}'");
        }

        return section.Text(key);
    }

    private static Dictionary<string, AccessRole> ReadRoles(YamlSection section)
    {
        var roles = new Dictionary<string, AccessRole>();
        if (section.RequiredSection("roles") is not { } map)
        {
            return roles;
        }

        foreach (var name in map.Names)
        {
            if (map.Word<AccessRole>(name) is { } role)
            {
                roles[name] = role;
                if (role == AccessRole.Post)
                {
                    map.Report(name, "events are posted with API keys; a person may read or operate");
                }
            }
        }

        map.Close();
        return roles;
    }
}

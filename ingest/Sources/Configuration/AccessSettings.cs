namespace KpiStream.Ingest.Sources.Configuration;

/// <summary>What somebody may do.</summary>
public enum AccessRole
{
    /// <summary>See every figure, case by pseudonym, metric and the service's health.</summary>
    Read,

    /// <summary>Post events.</summary>
    Post,

    /// <summary>All that <see cref="Read"/> may, and take note of gaps.</summary>
    Operate,
}

/// <summary>Who may do what over HTTP. With it every request needs a board token, an API key or a person who signed in.</summary>
public sealed record AccessSettings
{
    /// <summary>The folder of keys, tokens and the audit log; null for the state folder.</summary>
    public string? Folder { get; init; }

    /// <summary>How many requests a second each key, token and person may make, in the long run; ten times as many at once.</summary>
    public int RequestsPerSecond { get; init; } = 100;

    /// <summary>True when <c>/metrics</c> and <c>/health/ready</c> need no key.</summary>
    public bool OpenMetrics { get; init; }

    /// <summary>Where people sign in; null when only keys and tokens are known.</summary>
    public OidcSettings? Oidc { get; init; }

    /// <summary>How the reverse proxy says who somebody is; null where it does not.</summary>
    public ProxyIdentitySettings? ProxyIdentity { get; init; }

    /// <summary>True where people may come in, and not only keys and tokens.</summary>
    public bool KnowsPeople => Oidc is not null || ProxyIdentity is not null;

    internal AccessSettings In(string directory) => this with
    {
        Folder = TlsSettings.In(directory, Folder),
        Oidc = Oidc is { } oidc ? oidc with { ClientSecretFile = TlsSettings.In(directory, oidc.ClientSecretFile) } : null,
    };
}

/// <summary>An OpenID Connect provider at which people sign in.</summary>
/// <param name="Authority">Its address, under which <c>.well-known/openid-configuration</c> is found.</param>
/// <param name="ClientId">The name under which this program is registered there.</param>
public sealed record OidcSettings(Uri Authority, string ClientId)
{
    /// <summary>A file that holds the client's secret; null for a public client.</summary>
    public string? ClientSecretFile { get; init; }

    public IReadOnlyList<string> Scopes { get; init; } = ["openid", "profile"];

    /// <summary>The claim whose values <see cref="Roles"/> maps.</summary>
    public string RolesClaim { get; init; } = "roles";

    /// <summary>What the claim's values mean here. Somebody with none of them may do nothing.</summary>
    public IReadOnlyDictionary<string, AccessRole> Roles { get; init; } = new Dictionary<string, AccessRole>();
}

/// <summary>
/// People whom the reverse proxy in front signs in, by whatever it has: it states their name and groups in headers of each request, and overwrites what a
/// client wrote there. Believed from the proxy's addresses only (<see cref="HttpSettings.Proxy"/>).
/// </summary>
public sealed record ProxyIdentitySettings
{
    /// <summary>The header with the person's name.</summary>
    public string UserHeader { get; init; } = "X-Forwarded-User";

    /// <summary>The header with the person's groups, separated by commas.</summary>
    public string RolesHeader { get; init; } = "X-Forwarded-Groups";

    /// <summary>What the groups mean here. Somebody in none of them may do nothing.</summary>
    public IReadOnlyDictionary<string, AccessRole> Roles { get; init; } = new Dictionary<string, AccessRole>();
}

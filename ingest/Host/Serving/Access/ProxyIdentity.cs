using System.Net;

namespace KpiStream.Ingest.Host.Serving.Access;

/// <summary>
/// Takes from a request whom the proxy in front says that it comes from, before forwarded headers change the address. What anybody else wrote in those
/// headers is taken away unread.
/// </summary>
internal sealed class ProxyIdentity(ProxyIdentitySettings settings, ProxySettings proxy)
{
    private const int LongestName = 256;

    private static readonly object Key = new();

    /// <summary>True where the proxy named somebody.</summary>
    public static bool IsNamed(HttpContext context) => PersonOf(context) is not null;

    /// <summary>Whom the proxy named, with the roles that follow from the groups it stated; null where it named nobody.</summary>
    public static ProxiedPerson? PersonOf(HttpContext context) => context.Items.TryGetValue(Key, out var person) ? (ProxiedPerson?)person : null;

    public Task TakeAsync(HttpContext context, RequestDelegate next)
    {
        var headers = context.Request.Headers;
        if (IsProxy(context.Connection.RemoteIpAddress) && headers[settings.UserHeader] is [{ Length: > 0 and <= LongestName } name])
        {
            context.Items[Key] = new ProxiedPerson(name, [.. RolesIn(headers[settings.RolesHeader])]);
        }

        headers.Remove(settings.UserHeader);
        headers.Remove(settings.RolesHeader);
        return next(context);
    }

    /// <summary>True for this machine and for the proxy.</summary>
    public static bool IsLocalOr(ProxySettings proxy, IPAddress? from) =>
        Plain(from) is { } address && (IPAddress.IsLoopback(address) || proxy.Addresses.Any(network => network.Contains(address)));

    private bool IsProxy(IPAddress? from) => Plain(from) is { } address && proxy.Addresses.Any(network => network.Contains(address));

    private static IPAddress? Plain(IPAddress? from) => from is { IsIPv4MappedToIPv6: true } ? from.MapToIPv4() : from;

    private IEnumerable<AccessRole> RolesIn(IEnumerable<string?> stated) =>
        stated.SelectMany(static line => (line ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Where(settings.Roles.ContainsKey).Select(group => settings.Roles[group]).Distinct();
}

/// <summary>Somebody whom the proxy named.</summary>
internal sealed record ProxiedPerson(string Name, IReadOnlyList<AccessRole> Roles);

using System.Security.Claims;

namespace KpiStream.Ingest.Host.Serving.Access;

/// <summary>What is known of somebody who was let in.</summary>
internal static class AccessClaims
{
    public const string Role = "role", Name = "name", Id = "id", Kind = "kind";

    /// <summary>The role of those who may see one board and nothing else.</summary>
    public const string BoardRole = "board";

    private const string Person = "person";

    /// <summary>A program or a screen.</summary>
    public static ClaimsPrincipal Of(AccessEntry entry)
    {
        var roles = entry.Kind == AccessKind.Board ? [BoardRole] : entry.Roles.Select(WordOf);
        return Create(AuditedIdentity.Of(entry), roles, entry.Kind == AccessKind.Key ? AccessSchemes.Key : AccessSchemes.Board);
    }

    /// <summary>Somebody who signed in.</summary>
    /// <param name="subject">What the person is known by where that was.</param>
    /// <param name="name">What they are called there.</param>
    /// <param name="roles">What they may do.</param>
    /// <param name="scheme">How it is known who they are.</param>
    public static ClaimsPrincipal OfPerson(string subject, string name, IEnumerable<AccessRole> roles, string scheme) =>
        Create(new AuditedIdentity(Person, subject, name), roles.Select(WordOf), scheme);

    public static bool IsPerson(this ClaimsPrincipal user) => user.FindFirstValue(Kind) == Person;

    /// <summary>The id of the key or token; null for a person and for nobody.</summary>
    public static string? EntryId(this ClaimsPrincipal user) => user.IsPerson() ? null : user.FindFirstValue(Id);

    /// <summary>Who it is, for the audit log; null for nobody known.</summary>
    public static AuditedIdentity? Audited(this ClaimsPrincipal user) =>
        user.FindFirstValue(Id) is { } id ? new AuditedIdentity(user.FindFirstValue(Kind) ?? "", id, user.FindFirstValue(Name) ?? "") : null;

    public static string WordOf(AccessRole role) => role.ToString().ToLowerInvariant();

    private static ClaimsPrincipal Create(AuditedIdentity who, IEnumerable<string> roles, string scheme) => new(new ClaimsIdentity(
        [new Claim(Kind, who.Kind), new Claim(Id, who.Id), new Claim(Name, who.Name), .. roles.Select(static role => new Claim(Role, role))],
        scheme, Name, Role));
}

/// <summary>The ways to say who one is.</summary>
internal static class AccessSchemes
{
    /// <summary>Chooses among the others by what a request carries.</summary>
    public const string Any = "any";

    public const string Key = "key";
    public const string Board = "board";

    /// <summary>A person's cookie.</summary>
    public const string Session = "session";

    /// <summary>A person whom the proxy in front names.</summary>
    public const string Proxy = "proxy";

    /// <summary>Where a person gets one.</summary>
    public const string Oidc = "oidc";
}

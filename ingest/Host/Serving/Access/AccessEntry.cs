using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace KpiStream.Ingest.Host.Serving.Access;

/// <summary>What an entry of the access file lets in.</summary>
internal enum AccessKind
{
    /// <summary>A program, by <c>Authorization: Bearer KEY</c>.</summary>
    Key,

    /// <summary>A screen, by an address with the token in it.</summary>
    Board,
}

/// <summary>One key or board token. Of the secret itself only its SHA-256 is kept: it is random, so there is nothing to guess. Immutable.</summary>
/// <param name="Id">Eight hexadecimal digits, for messages and the audit log.</param>
/// <param name="Name">What its owner calls it; one of a kind.</param>
/// <param name="Hash">SHA-256 of the secret, in hexadecimal digits.</param>
/// <param name="Expires">When it ends by itself; null for never.</param>
internal sealed record AccessEntry(string Id, AccessKind Kind, string Name, string Hash, DateTimeOffset Created, DateTimeOffset? Expires)
{
    public const int LongestName = 60;

    private const int SecretBytes = 32;
    private const int IdBytes = 4;

    /// <summary>Of a key: what it may do.</summary>
    public IReadOnlyList<AccessRole> Roles { get; init; } = [];

    /// <summary>Of a board token: the unit it shows, with everything below.</summary>
    public string? Unit { get; init; }

    /// <summary>Of a board token: true for a screen that anybody may look at, on which small cells are hidden.</summary>
    public bool Public { get; init; }

    /// <summary>True for a secret that the operator wrote, which may be one that can be guessed; one that this program made cannot.</summary>
    [JsonIgnore]
    public bool IsWritten { get; init; }

    /// <summary>A new entry and its secret, which is told once.</summary>
    public static (AccessEntry Entry, string Secret) Create(AccessKind kind, string name, DateTimeOffset now, DateTimeOffset? expires)
    {
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));
        return (new AccessEntry(id, kind, name, Convert.ToHexStringLower(HashOf(secret)), now, expires), secret);
    }

    public bool IsValidAt(DateTimeOffset now) => Expires is not { } end || now < end;

    public static byte[] HashOf(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}

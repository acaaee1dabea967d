using System.Security.Cryptography;
using KpiStream.Ingest.Host.Serving.Access;

namespace KpiStream.Ingest.Host.Serving.Posting;

/// <summary>The API keys that may post events. Only hashes are held, and they are compared in a time that tells nothing. Immutable.</summary>
/// <param name="keys">At least one.</param>
/// <param name="register">Keys that were created with a role; null for none.</param>
internal sealed class ApiKeys(IEnumerable<string> keys, AccessRegister? register = null)
{
    private readonly byte[][] hashes = [.. keys.Select(AccessEntry.HashOf)];

    /// <summary>True when the request carries one of the keys, as <c>Authorization: Bearer KEY</c> or <c>X-Api-Key: KEY</c>.</summary>
    public bool Knows(IHeaderDictionary headers)
    {
        if (ApiKeyHandler.KeyIn(headers) is not { } key)
        {
            return false;
        }

        var hash = AccessEntry.HashOf(key);
        var isKnown = false;
        foreach (var known in hashes)
        {
            isKnown |= CryptographicOperations.FixedTimeEquals(known, hash);
        }

        return isKnown || register?.Find(AccessKind.Key, key)?.Roles.Contains(AccessRole.Post) == true;
    }
}

using System.Security.Cryptography;

namespace KpiStream.Ingest.Host.Serving.Posting;

/// <summary>The API keys that may post events. Only hashes are held, and they are compared in a time that tells nothing. Immutable.</summary>
/// <param name="keys">At least one.</param>
internal sealed class ApiKeys(IEnumerable<string> keys)
{
    private const string Bearer = "Bearer ";

    private readonly byte[][] hashes = [.. keys.Select(Hash)];

    /// <summary>True when the request carries one of the keys, as <c>Authorization: Bearer KEY</c> or <c>X-Api-Key: KEY</c>.</summary>
    public bool Knows(IHeaderDictionary headers)
    {
        var authorization = headers.Authorization.ToString();
        var key = authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? authorization[Bearer.Length..] : headers["X-Api-Key"].ToString();
        if (key.Length == 0)
        {
            return false;
        }

        var hash = Hash(key.Trim());
        var isKnown = false;
        foreach (var known in hashes)
        {
            isKnown |= CryptographicOperations.FixedTimeEquals(known, hash);
        }

        return isKnown;
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}

using System.Security.Cryptography;

namespace KpiStream.Ingest.Host.Serving.Alerts.Delivery;

/// <summary>
/// Signs what is posted: HMAC-SHA-256 over the moment in seconds since 1970, a dot, and the body's bytes. A receiver refuses what is older than five
/// minutes, so
/// that a copy is of no use. Two secrets give two signatures, of which one that the receiver knows is enough: so one is replaced without a gap.
/// </summary>
internal static class WebhookSignature
{
    /// <summary>The moment, in seconds since 1970.</summary>
    public const string TimestampHeader = "KpiStream-Timestamp";

    /// <summary><c>v1=</c> and 64 hexadecimal digits, several separated by a comma.</summary>
    public const string SignatureHeader = "KpiStream-Signature";

    /// <summary>The deduplication key.</summary>
    public const string KeyHeader = "KpiStream-Key";

    /// <summary>The message's number within its key.</summary>
    public const string NumberHeader = "KpiStream-Number";

    public static void Sign(HttpRequestMessage request, IReadOnlyList<string> secrets, byte[] body, DateTimeOffset now)
    {
        if (secrets.Count == 0)
        {
            return;
        }

        var moment = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        request.Headers.Add(TimestampHeader, moment);
        request.Headers.Add(SignatureHeader, string.Join(", ", secrets.Select(secret => $"v1={Of(secret, moment, body)}")));
    }

    public static string Of(string secret, string moment, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        hash.AppendData(Encoding.ASCII.GetBytes(moment));
        hash.AppendData("."u8);
        hash.AppendData(body);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

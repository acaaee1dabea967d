using System.Net;
using System.Threading.RateLimiting;

namespace KpiStream.Ingest.Host.Serving.Access;

/// <summary>
/// Counts wrong keys and tokens by the address they come from. From an address that sent too many, for a while no more wrong ones are answered, and of the
/// right ones only those that this program made: they cannot be guessed, and one wrong sender must not keep out all others behind the same proxy. Any
/// thread; addresses are forgotten when their minute is over.
/// </summary>
internal sealed class WrongSecrets : IDisposable
{
    /// <summary>Wrong ones in a minute.</summary>
    public const int Most = 10;

    /// <summary>Of an IPv6 address the part that a provider gives to one customer.</summary>
    private const int NetworkBytes = 8;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly PartitionedRateLimiter<IPAddress> limiter = PartitionedRateLimiter.Create<IPAddress, string>(static address =>
        RateLimitPartition.GetFixedWindowLimiter(KeyOf(address), static _ => new FixedWindowRateLimiterOptions { PermitLimit = Most, Window = Window }));

    /// <summary>How long an address is not listened to; null when it is.</summary>
    private TimeSpan? BarredFor(IPAddress? from)
    {
        using var lease = limiter.AttemptAcquire(from ?? IPAddress.None, 0);
        return lease.IsAcquired ? null : lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : Window;
    }

    /// <summary>True for a right secret that is let in; a wrong one, or null, is counted.</summary>
    /// <param name="wait">How long to wait before the next one, when the address is not listened to.</param>
    public bool Admits(AccessEntry? entry, IPAddress? from, out TimeSpan? wait)
    {
        wait = entry is { IsWritten: false } ? null : BarredFor(from);
        if (entry is null && wait is null)
        {
            limiter.AttemptAcquire(from ?? IPAddress.None).Dispose();
        }

        return entry is not null && wait is null;
    }

    /// <summary>One key for what belongs to one customer of a provider.</summary>
    public static string KeyOf(IPAddress? address)
    {
        if (address is null)
        {
            return "";
        }

        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var bytes = plain.GetAddressBytes();
        return Convert.ToHexStringLower(bytes.AsSpan(0, Math.Min(bytes.Length, NetworkBytes)));
    }

    public void Dispose() => limiter.Dispose();
}

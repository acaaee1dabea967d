using System.Threading.RateLimiting;
using KpiStream.Ingest.Host.Serving.Http;
using Microsoft.AspNetCore.RateLimiting;

namespace KpiStream.Ingest.Host.Serving.Access;

/// <summary>How many requests each key, token and person may make, and each address of those who are nobody yet.</summary>
internal static class RequestRates
{
    private const int Burst = 10;

    /// <summary>Requests a second of an address that says nobody; some, so that signing in works.</summary>
    private const int OfStrangers = 5;

    public static void Configure(RateLimiterOptions options, AccessSettings settings, AccessAudit audit, HttpCounts counts)
    {
        options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
        {
            // The page's files are the same for all and cost nothing; one of them refused would leave a wall without its page.
            if (context.Request.Path.StartsWithSegments("/board", out var file) && file.HasValue)
            {
                return RateLimitPartition.GetNoLimiter("files");
            }

            var who = context.User.Audited();
            var rate = who is null ? Math.Min(OfStrangers, settings.RequestsPerSecond) : settings.RequestsPerSecond;
            var key = who is null ? $"address {WrongSecrets.KeyOf(context.Connection.RemoteIpAddress)}" : $"{who.Kind} {who.Id}";
            return RateLimitPartition.GetTokenBucketLimiter(key, _ => new TokenBucketRateLimiterOptions
            {
                TokensPerPeriod = rate,
                TokenLimit = rate * Burst,
                ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            });
        });
        options.OnRejected = async (rejected, _) =>
        {
            var context = rejected.HttpContext;
            counts.Count(RefusedRequest.Rate);
            audit.Refuse("too many requests", context.User.Audited(), context.Request.Method);
            var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1);
            await AccessRefusals.RefuseRateAsync(context, wait, "More requests came than one may send (access.requests_per_second).");
        };
    }
}

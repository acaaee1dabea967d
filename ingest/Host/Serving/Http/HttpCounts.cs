using System.Diagnostics.Metrics;
using KpiStream.Ingest.Host.Serving.Metrics;
using static KpiStream.Ingest.Host.Serving.Metrics.MeterFamilies;

namespace KpiStream.Ingest.Host.Serving.Http;

/// <summary>Why a request came to nothing.</summary>
internal enum RefusedRequest
{
    /// <summary>The name asked for is not one of ours (421).</summary>
    Host,

    /// <summary>Every connection but those kept for health is answering something (503).</summary>
    Connections,

    /// <summary>Posts hold all the memory they may, or decoding or the disk is behind (429).</summary>
    Busy,

    /// <summary>Nobody who may: no key, token or sign-in, or one that is wrong or may not do this (401, 403).</summary>
    Access,

    /// <summary>More requests, or more wrong keys, than one may send (429).</summary>
    Rate,

    /// <summary>A body that came in too slowly (408).</summary>
    Slow,

    /// <summary>A request or a body that is malformed or longer than allowed (400, 413).</summary>
    Broken,

    /// <summary>The client went away before the answer.</summary>
    Gone,

    /// <summary>A fault of ours (500), which is in the log.</summary>
    Failed,
}

/// <summary>
/// Requests that came to nothing, by reason, and the connections there are. Counted instead of logged: a client can cause any number of them. Any
/// thread.
/// </summary>
internal sealed class HttpCounts(ConnectionLimit connections)
{
    private static readonly RefusedRequest[] Reasons = Enum.GetValues<RefusedRequest>();

    private readonly long[] counts = new long[Reasons.Length];

    public void Count(RefusedRequest reason) => Interlocked.Increment(ref counts[(int)reason]);

    public long Of(RefusedRequest reason) => Interlocked.Read(ref counts[(int)reason]);

    public void AddTo(Meter meter)
    {
        meter.Counter("kpistream_http_refused_total", "Requests that came to nothing, by reason.",
            () => Reasons.Select(reason => Sample(Of(reason), ("reason", reason.ToString().ToLowerInvariant()))));
        meter.Gauge("kpistream_http_connections", "Connections open at present.", () => connections.Open);
        meter.Gauge("kpistream_http_connections_most", "The most there may be, by the limit on open files.", () => connections.Most);
        meter.Counter("kpistream_http_connections_closed_total", "Idle or half-open connections closed to make room for a new one.", () => connections.Closed);
    }
}

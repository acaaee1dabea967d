using System.Security.Cryptography;
using KpiStream.Engine.Codecs.Decoders;
using KpiStream.Engine.Reconciliation;

namespace KpiStream.Ingest.Host.Runs.Load;

/// <summary>
/// The naive recount of what was sent: the plan's stream is read a second time, up to the last record that was sent, and counted with the engine's definitions
/// and none of its code. Used once, by one flow.
/// </summary>
/// <param name="records">What the stream has to send.</param>
/// <param name="sent">How many records were sent.</param>
/// <param name="startMillis">The wall clock at the start: a record arrives when it is due.</param>
internal sealed class LoadRecount(LoadStream stream, ILoadRecords records, long sent, long startMillis, Rulebook rulebook, UnitDirectory units)
    : ILoadSink, IDisposable
{
    private readonly CodeBook codes = new();
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private EventDecoder? decoder;
    private NaiveRecount? recount;
    private long read;

    public NaiveRecount Counted => recount!;

    /// <summary>Records that are no events.</summary>
    public long Rejected { get; private set; }

    public long Accepted { get; private set; }

    /// <summary>What was sent, as a hash of its bytes in their order: runs with the same one must come to the same answer.</summary>
    public string StreamHash { get; private set; } = "";

    /// <summary>The periods that are compared: those that calendars, windows and gauges are behind.</summary>
    public IReadOnlyList<Period> Periods => [.. ((string[])["day", "month", "24h", "30d", $"since:{FirstDay:yyyy-MM-dd}", "now"]).Select(name =>
        Period.TryParse(name)!)];

    /// <summary>The local day of the first event.</summary>
    public DateOnly FirstDay => LocalTime.DateOf(LocalTime.DayOf((stream.Survey?.First ?? 0) + stream.Shift));

    public string Fingerprint => RecountRun.FingerprintOf(Counted).ToString();

    public async Task RunAsync(CancellationToken stop)
    {
        (recount, decoder) = (new NaiveRecount(codes, rulebook, units), new EventDecoder(codes, PseudonymKey.Fixed, DecodeLimits.Default, SourceProfiles.None));
        if (sent > 0)
        {
            await records.RunAsync(this, stop);
        }

        StreamHash = Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public bool TryPut(ReadOnlySpan<byte> record, CaseId id, long due, CancellationToken stop)
    {
        hash.AppendData(record);
        if (decoder!.Decode(record, LoadSource.ArrivalOf(due, startMillis), out var decoded).IsAccepted)
        {
            recount!.Add(in decoded);
            Accepted++;
        }
        else
        {
            Rejected++;
        }

        return ++read < sent;
    }

    public void Dispose() => hash.Dispose();
}

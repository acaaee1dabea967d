using System.Runtime.InteropServices;
using KpiStream.Engine.Kpis;
using KpiStream.Engine.Units;

namespace KpiStream.Engine.Reconciliation;

/// <summary>
/// What is known of one case after all its events: every register's winner, the first times of every status,
/// and the three instants derived from them. Instants are milliseconds since 1970 UTC.
/// </summary>
internal sealed class NaiveFacts
{
    private static readonly CaseKey[] RegisterKeys =
        [.. Enum.GetValues<CaseKey>().Where(key => key is not (CaseKey.Case or CaseKey.At or CaseKey.Seq))];

    private static readonly CaseStatus[] StatusesOfAccepted =
    [
        CaseStatus.Accepted, CaseStatus.Processing, CaseStatus.AwaitingPapers, CaseStatus.AwaitingPayment, CaseStatus.Stopped, CaseStatus.ResultReady,
        CaseStatus.ResultReturned,
    ];

    private readonly Dictionary<CaseKey, long> numbers = [];
    private readonly Dictionary<CaseStatus, long> firstTimes = [];

    /// <param name="events">All events of the case; they are sorted here.</param>
    /// <param name="codes">Where the ids of text registers are looked up.</param>
    public NaiveFacts(List<CaseEvent> events, CodeBook codes)
    {
        events.Sort((left, right) => left.Stamp.CompareTo(right.Stamp));
        var sorted = CollectionsMarshal.AsSpan(events);
        foreach (var key in RegisterKeys)
        {
            if (Winner(sorted, key, codes) is { } winner)
            {
                Keep(key, in sorted[winner].Values);
            }
        }

        foreach (ref readonly var one in sorted)
        {
            if (one.States(CaseKey.Status) && one.Values.PackedValue(CaseKey.Status) is > 0 and var status)
            {
                firstTimes.TryAdd((CaseStatus)status, one.Stamp.At); // sorted by time, so the first to come is the least
            }
        }
    }

    /// <summary>The case under which this one was opened; null when none is stated.</summary>
    public CaseId? Parent { get; private set; }

    /// <summary>0 when none is stated.</summary>
    public CaseStatus Status => (CaseStatus)(Number(CaseKey.Status) ?? 0);

    public long? AcceptedAt => Number(CaseKey.Accepted) ?? First(StatusesOfAccepted);

    public long? FiledAt => Number(CaseKey.Filed) ?? AcceptedAt;

    public long? EndedAt => Status switch
    {
        CaseStatus.ResultReady or CaseStatus.ResultReturned =>
            Number(CaseKey.Ended) ?? First(CaseStatus.ResultReady) ?? First(CaseStatus.ResultReturned),
        CaseStatus.Refused or CaseStatus.Withdrawn or CaseStatus.Stopped => Number(CaseKey.Ended) ?? First(Status),
        _ => null,
    };

    /// <summary>An instant, a status, or the id of a code; null when the fact is not stated or cleared.</summary>
    public long? Number(CaseKey key) => numbers.TryGetValue(key, out var number) && number != 0 ? number : null;

    /// <summary>True once an event of the case has stated the key, be it null.</summary>
    public bool IsObserved(CaseKey key) => numbers.ContainsKey(key);

    /// <summary>The unit's own code before the directory is applied: the one asked for, else the other, else unstated.</summary>
    public string UnitOf(UnitRole role, CodeBook codes)
    {
        var (handling, receiving) = (Number(CaseKey.Handling), Number(CaseKey.Receiving));
        var unit = role == UnitRole.Handling ? handling ?? receiving : receiving ?? handling;
        return unit is { } id ? codes.Units.Text((int)id) : UnitDirectory.Unstated;
    }

    /// <summary>The fee due in đồng; null when not stated.</summary>
    public long? Fee => Number(CaseKey.Fee) - 1;

    /// <summary>A word of one of the closed vocabularies; null when none is stated.</summary>
    public string? Word(CaseKey key) => Number(key) is { } code ? Words.Of(key)!.List[(int)code - 1] : null;

    /// <summary>A flag; null when it is not stated.</summary>
    public bool? Flag(CaseKey key) => Number(key) is { } code ? code == WordLayout.True : null;

    private long? First(params ReadOnlySpan<CaseStatus> statuses)
    {
        long? first = null;
        foreach (var status in statuses)
        {
            if (firstTimes.TryGetValue(status, out var time) && (first is null || time < first))
            {
                first = time;
            }
        }

        return first;
    }

    /// <summary>The event whose word on a key holds: the newest stamp, and of equal stamps the greatest value. Null when none states the key.</summary>
    private static int? Winner(ReadOnlySpan<CaseEvent> sorted, CaseKey key, CodeBook codes)
    {
        int? winner = null;
        for (var i = 0; i < sorted.Length; i++)
        {
            if (!sorted[i].States(key))
            {
                continue;
            }

            if (winner is not { } best || sorted[i].Stamp > sorted[best].Stamp || Compare(key, in sorted[i].Values, in sorted[best].Values, codes) > 0)
            {
                winner = i;
            }
        }

        return winner;
    }

    private static int Compare(CaseKey key, in Registers left, in Registers right, CodeBook codes) => key switch
    {
        CaseKey.Source => codes.Sources.Compare(left.Source, right.Source),
        CaseKey.Procedure => codes.Procedures.Compare(left.Procedure, right.Procedure),
        CaseKey.Field => codes.Fields.Compare(left.Field, right.Field),
        CaseKey.Receiving => codes.Units.Compare(left.Receiving, right.Receiving),
        CaseKey.Handling => codes.Units.Compare(left.Handling, right.Handling),
        CaseKey.Parent => left.Parent.CompareTo(right.Parent),
        _ => NumberOf(key, in left).CompareTo(NumberOf(key, in right)),
    };

    private void Keep(CaseKey key, in Registers values)
    {
        if (key == CaseKey.Parent)
        {
            Parent = values.Parent == default ? null : values.Parent;
        }
        else
        {
            numbers[key] = NumberOf(key, in values);
        }
    }

    /// <summary>A register as the decoder packs it; 0 is null, the lowest value of every register.</summary>
    private static long NumberOf(CaseKey key, in Registers values) => key switch
    {
        CaseKey.Source => values.Source,
        CaseKey.Procedure => values.Procedure,
        CaseKey.Field => values.Field,
        CaseKey.Receiving => values.Receiving,
        CaseKey.Handling => values.Handling,
        CaseKey.Filed => values.Filed,
        CaseKey.Accepted => values.Accepted,
        CaseKey.Due => values.Due,
        CaseKey.Ended => values.Ended,
        CaseKey.Fee => values.FeePlusOne,
        _ => values.PackedValue(key),
    };
}

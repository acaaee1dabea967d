using KpiStream.Engine.Arrivals;
using KpiStream.Engine.Windowing;

namespace KpiStream.Engine.Alerts;

/// <summary>
/// A partition of a topic that gives nothing though the others continue, measured in their records (<see cref="PartitionArrivals"/>): with it some cases of
/// every unit are missing. One that never had a record is never read. The unit of its readings is <c>TOPIC/PARTITION</c>.
/// </summary>
public sealed record SilentPartitionRule : AlertRule
{
    /// <summary>A pause of chance e^−13.8, one in a million: busy partitions have some ten thousand pauses a day.</summary>
    public const double Improbable = 13.8;

    /// <summary>A silence up to this says nothing, and a record within it says that the partition lives.</summary>
    public const long LimitMillis = 15 * 60_000;

    /// <summary>Nobody waits for longer: producers have been told of other partitions.</summary>
    public const long GoneMillis = 7 * LocalTime.MillisPerDay;

    /// <summary>The longest pause of lately must be exceeded by this factor: producers that write to one partition at a time make long ones.</summary>
    private const long TimesLongest = 3;

    public SilentPartitionRule() => (Grade, Scope) = (AlertGrade.Alarm, AlertScope.Everything);

    public override AlertKind Kind => AlertKind.Source;

    protected override string OwnId => "source:partition";

    public override Period Period { get; } = new("day", PeriodKind.Day);

    /// <summary>Of a topic whose partitions are silent, and that of other faults of it.</summary>
    public override string CauseOf(string unit) => $"source:{(unit.LastIndexOf('/') is > 0 and var end ? unit[..end] : unit)}";

    public override Judgement Judge(in AlertReading reading, long now)
    {
        if (reading is not { HasData: true, Partition: { } partition })
        {
            return Judgement.Missing;
        }

        var silence = now - partition.LastAt;
        return silence is <= LimitMillis or > GoneMillis ? Judgement.Clear
            : partition.Improbability >= Improbable && partition.Meanwhile > TimesLongest * partition.Longest ? Judgement.Met
            : Judgement.Between;
    }

    public override AlertEvidence Evidence(in AlertReading reading, long now) => reading.Partition is not { } partition ? base.Evidence(in reading, now) : new()
    {
        Count = 0,
        Of = partition.Meanwhile,
        Expected = partition.Expected,
        Chance = Math.Exp(-partition.Improbability),
        From = partition.LastAt > 0 ? partition.LastAt : null,
        To = now,
    };
}

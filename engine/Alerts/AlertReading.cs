using KpiStream.Engine.Arrivals;

namespace KpiStream.Engine.Alerts;

/// <summary>A figure's value for one unit, as read for a rule over the rule's period.</summary>
/// <param name="Unit">The unit's code.</param>
/// <param name="Denominator">Cases counted.</param>
/// <param name="Numerator">Cases that achieved it; null for a volume.</param>
/// <param name="Target">The ratio in force, 0–1; null when none is.</param>
/// <param name="HasData">
/// False when the source is absent or its data too old to judge: then the numbers say nothing. A unit without cases in a stream that
/// is alive has data: its zero is the very thing low volume is about.
/// </param>
/// <param name="Unobserved">Cases that may belong to the numerator.</param>
/// <param name="History">The unit's days, for rules that ask for them (<see cref="AlertRule.HistoryDays"/>); null for others.</param>
/// <param name="Ended">The unit's days of a second figure, by which cases end, for rules about growth; null for others.</param>
/// <param name="Keys">What a source states, for the rule about that; null for others.</param>
/// <param name="Partition">What is known of a partition, for the rule about its silence; null for others.</param>
/// <param name="Fed">The units that a silent source feeds, see <see cref="FedUnits.Of"/>; null where that is not known, and for other rules.</param>
public readonly record struct AlertReading(
    AlertRule Rule, string Unit, long Denominator, long? Numerator, double? Target, bool HasData, long Unobserved = 0, UnitHistory? History = null,
    UnitHistory? Ended = null, KeyHistory? Keys = null, PartitionArrival? Partition = null, IReadOnlyList<string>? Fed = null);

using KpiStream.Engine.Alerts;

namespace KpiStream.Ingest.Host.Serving.Alerts.Delivery;

/// <summary>What a channel is told of. Immutable.</summary>
internal sealed class ChannelFilter(ChannelSettings channel, UnitDirectory units)
{
    /// <summary>True when the receiver keeps what is acknowledged, and is told at once.</summary>
    public bool KeepsAcknowledged => channel.Type == ChannelType.PagerDuty;

    /// <summary>True when a channel is told of an alert.</summary>
    /// <param name="unit">The unit's code; a source or a board has none, and is everybody's concern.</param>
    public bool Concerns(AlertKind kind, AlertGrade grade, string unit) =>
        grade >= channel.Grade
        && (channel.Kinds.Count == 0 || channel.Kinds.Contains(kind))
        && (channel.Units.Count == 0 || units.Find(unit) is null || channel.Units.Any(top => units.IsAtOrBelow(unit, top)));
}

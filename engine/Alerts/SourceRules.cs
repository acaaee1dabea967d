namespace KpiStream.Engine.Alerts;

/// <summary>The rules about sources, which stand whatever rules of units a file names. Their reasons stand in README.md of this folder.</summary>
public static class SourceRules
{
    private const long TenMinutes = 600_000;

    /// <summary>One that cannot be read for a minute, or is behind for five, needs somebody.</summary>
    public static IReadOnlyList<AlertRule> All { get; } =
    [
        new SourceRule { Figure = "", Fault = SourceFault.Unreadable, HoldMillis = TenMinutes / 10, ClearHoldMillis = TenMinutes / 10 },
        new SourceRule { Figure = "", Fault = SourceFault.Silent, ClearHoldMillis = TenMinutes / 10 },
        new SourceRule { Figure = "", Fault = SourceFault.Behind, HoldMillis = TenMinutes / 2, ClearHoldMillis = TenMinutes / 10 },
        new SourceRule { Figure = "", Fault = SourceFault.Rejected, ClearHoldMillis = TenMinutes },
        new SourceRule { Figure = "", Fault = SourceFault.Unstated, Grade = AlertGrade.Watch, HoldMillis = 6 * TenMinutes },
        new SilentPartitionRule { Figure = "", ClearHoldMillis = TenMinutes },
        new DroppedKeysRule { Figure = "", HoldMillis = TenMinutes, ClearHoldMillis = TenMinutes },
    ];
}

namespace KpiStream.Engine.Alerts;

/// <summary>What an alert is about.</summary>
public enum AlertKind
{
    /// <summary>A ratio is below the target in force, beyond what chance explains.</summary>
    Ratio,

    /// <summary>A closed month ended below its target, as the regulation counts it.</summary>
    OfficialBreach,

    /// <summary>Fewer cases than a document asks for between two dates.</summary>
    LowVolume,

    /// <summary>Cases come more slowly than is usual for the unit itself.</summary>
    Pace,

    /// <summary>No case for longer than the unit's own rhythm makes plausible.</summary>
    Silence,

    /// <summary>Cases wait, or are overdue, in growing numbers.</summary>
    Backlog,

    /// <summary>Certified copies are not returned on the day they are received.</summary>
    Copies,

    /// <summary>A source is silent, late, rejected, or no longer states what it used to.</summary>
    Source,

    /// <summary>The log, counted again, gave other numbers than the engine.</summary>
    SelfCheck,

    /// <summary>A wallboard paints nothing any more.</summary>
    Board,
}

/// <summary>What kinds have in common.</summary>
public static class AlertKinds
{
    /// <summary>True for what is judged by figures, which say nothing while their source is missing; false for sources, self-checks and wallboards.</summary>
    public static bool IsBusiness(this AlertKind kind) => kind is not (AlertKind.Source or AlertKind.SelfCheck or AlertKind.Board);
}

namespace KpiStream.Engine.Alerts;

/// <summary>How much an alert matters; the greater, the more.</summary>
public enum AlertGrade
{
    /// <summary>Something a document asks to be reported. Nobody has to act at once.</summary>
    Report,

    /// <summary>Worth looking at during the day.</summary>
    Watch,

    /// <summary>Somebody should act.</summary>
    Alarm,

    /// <summary>The figures cannot be believed.</summary>
    Critical,
}

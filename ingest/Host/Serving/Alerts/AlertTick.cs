using System.Text.Json.Serialization;
using KpiStream.Engine.Alerts;

namespace KpiStream.Ingest.Host.Serving.Alerts;

/// <summary>An instant at which all alerts were judged, with all that the verdicts followed from: what it says can be judged again from the log.</summary>
/// <param name="At">What now was for every rule, a whole second in milliseconds since 1970 UTC.</param>
internal sealed record AlertTick(long At)
{
    /// <summary>What <see cref="After"/> is where an earlier version had kept alerts and no ticks.</summary>
    public const long Unknown = -1;

    /// <summary>On a run's first tick, the tick up to which the run before had kept its alerts: 0 for none; null on every other tick.</summary>
    public long? After { get; init; }

    /// <summary>True where units were judged; false where their data was missing by the clock of arrival, or no whole batch was read.</summary>
    public bool Judged { get; init; }

    /// <summary>True where a source's own alert kept all units as they were.</summary>
    public bool Inhibited { get; init; }

    /// <summary>The silent sources that kept the units they feed as they were, see <see cref="FedUnits"/>; null for none, and in earlier versions.</summary>
    public IReadOnlyList<string>? HeldBy { get; init; }

    /// <summary>True where nobody knows what held since the tick before: the clock was put forward, or the machine stood still.</summary>
    public bool Interrupted { get; init; }

    /// <summary>The SHA-256 of the rules' text, see <see cref="KeptTexts"/>.</summary>
    public string Rules { get; init; } = "";

    /// <summary>The rulebook, the directory of units and the calendars.</summary>
    public string Basis { get; init; } = "";

    /// <summary>The tick at which the pasts of units were read that rules judged by; null where none ask for any.</summary>
    public long? Past { get; init; }

    /// <summary>By part of the source, the position of the last record read.</summary>
    public IReadOnlyDictionary<int, long> Read { get; init; } = new Dictionary<int, long>();

    /// <summary>See <see cref="Basis"/>.</summary>
    public static string BasisOf(Rulebook rulebook, UnitDirectory units, UnitCalendars calendars) =>
        $"{rulebook.Id} {rulebook.Version}, {units.Version}, {calendars.FullVersion}";

    /// <summary>True where business alerts followed what was read, but for those of units that <see cref="HeldBy"/> feed.</summary>
    [JsonIgnore]
    public bool IsOfUnits => Judged && !Inhibited;
}

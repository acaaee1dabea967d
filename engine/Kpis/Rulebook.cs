using KpiStream.Engine.Units;

namespace KpiStream.Engine.Kpis;

/// <summary>How <c>on_time</c> compares an end with its deadline.</summary>
public enum OnTimeBy
{
    Day, Instant,
}

/// <summary>Cases whose fee is waived while the waiver is in force. A waived fee is not due.</summary>
/// <param name="Procedure">Matches the whole code, or the code followed by a dot and more; null where <paramref name="List"/> is given.</param>
/// <param name="List">The condition of a list whose cases it holds for; null where <paramref name="Procedure"/> is given.</param>
/// <param name="From">First local day of acceptance it holds for; null from the beginning.</param>
/// <param name="To">Last such day; null for ever.</param>
/// <param name="Basis">The decision it rests on.</param>
public sealed record FeeWaiver(string? Procedure, Condition? List, DateOnly? From, DateOnly? To, string Basis)
{
    /// <summary><see cref="Condition.Online"/>, <see cref="Condition.ByPost"/> or <see cref="Condition.AtCounter"/>; null for any channel.</summary>
    public Condition? Channel { get; init; }

    /// <summary>Codes of handling units it holds for, with all below them; empty for all units.</summary>
    public IReadOnlyList<string> Units { get; init; } = [];
}

/// <summary>A named set of procedures and fields that rules refer to as <c>in:</c> and its name.</summary>
/// <param name="Name">As rules write it.</param>
/// <param name="Procedures">Matched as <see cref="Rulebook.Matches"/> does.</param>
/// <param name="Fields">Field codes, matched whole.</param>
/// <param name="IsOfCatalogue">True when the procedures that the catalogue calls eligible belong to it too.</param>
public sealed record ProcedureList(string Name, IReadOnlyList<string> Procedures, IReadOnlyList<string> Fields, bool IsOfCatalogue = false);

/// <summary>The figures and what they need to know. Read by the rim, never changed afterwards.</summary>
public sealed record Rulebook
{
    public const int MaxFigures = 64;

    public const int MaxLists = 16;

    public required string Id { get; init; }

    public required string Version { get; init; }

    /// <summary>The day the two-level government began; low volume is counted from here.</summary>
    public required DateOnly RolloutDate { get; init; }

    public required OnTimeBy OnTimeBy { get; init; }

    /// <summary>Procedures that are certified copies; matched as <see cref="Matches"/> does.</summary>
    public required IReadOnlyList<string> CertifiedCopyProcedures { get; init; }

    /// <summary>The lists; the first one is <see cref="Condition.FirstList"/>.</summary>
    public IReadOnlyList<ProcedureList> Lists { get; init; } = [];

    public required IReadOnlyList<FeeWaiver> Waivers { get; init; }

    public required IReadOnlyList<FigureDefinition> Figures { get; init; }

    /// <summary>The days offices work, for the certification rule of <c>same_day</c>.</summary>
    public required WorkingCalendar Calendar { get; init; }

    /// <summary>The days each unit works; null where none of them adds to <see cref="Calendar"/>.</summary>
    public UnitCalendars? UnitCalendars { get; init; }

    /// <summary>The same for all units.</summary>
    public UnitCalendars Calendars => UnitCalendars ?? new UnitCalendars(Calendar);

    /// <summary>Units' own targets; empty without a target register.</summary>
    public TargetRegister UnitTargets { get; init; } = TargetRegister.Empty;

    /// <summary>SHA-256 of the text it was read from, in lower-case hexadecimal digits.</summary>
    public required string Hash { get; init; }

    /// <summary>The same with every figure exported: for comparisons of all that is counted.</summary>
    public Rulebook ExportingAll() => this with { Figures = [.. Figures.Select(static figure => figure with { IsExported = true })] };

    /// <summary>A condition's name as this rulebook writes it.</summary>
    public string NameOf(Condition condition) => condition >= Condition.FirstList
        ? Conditions.ListPrefix + Lists[condition - Condition.FirstList].Name
        : Conditions.NameOf(condition);

    /// <summary>True when a procedure code is the listed one, or the listed one followed by a dot and more.</summary>
    public static bool Matches(string listed, string procedure) =>
        procedure.StartsWith(listed) && (procedure.Length == listed.Length || procedure[listed.Length] == '.');
}

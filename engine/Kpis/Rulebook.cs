namespace KpiStream.Engine.Kpis;

/// <summary>How <c>on_time</c> compares an end with its deadline.</summary>
public enum OnTimeBy
{
    Day, Instant,
}

/// <summary>A procedure whose fee is waived while the waiver is in force (seed 004).</summary>
/// <param name="Procedure">Matches the whole code, or the code followed by a dot and more.</param>
/// <param name="From">First local day of acceptance it holds for; null from the beginning.</param>
/// <param name="To">Last such day; null for ever.</param>
/// <param name="Basis">The decision it rests on.</param>
public sealed record FeeWaiver(string Procedure, DateOnly? From, DateOnly? To, string Basis);

/// <summary>The figures and what they need to know (spec section 4). Read from YAML by the rim, never changed afterwards.</summary>
public sealed record Rulebook
{
    /// <summary>The most figures in one rulebook.</summary>
    public const int MaxFigures = 64;

    public required string Id { get; init; }

    public required string Version { get; init; }

    /// <summary>The day the two-level government began; low volume is counted from here.</summary>
    public required DateOnly RolloutDate { get; init; }

    public required OnTimeBy OnTimeBy { get; init; }

    /// <summary>Procedures that are certified copies; matched as <see cref="FeeWaiver.Procedure"/> is.</summary>
    public required IReadOnlyList<string> CertifiedCopyProcedures { get; init; }

    public required IReadOnlyList<FeeWaiver> Waivers { get; init; }

    public required IReadOnlyList<FigureDefinition> Figures { get; init; }

    /// <summary>SHA-256 of the text it was read from, in lower-case hexadecimal digits.</summary>
    public required string Hash { get; init; }

    /// <summary>True when a procedure code is the listed one, or the listed one followed by a dot and more.</summary>
    public static bool Matches(string listed, string procedure) =>
        procedure.StartsWith(listed, StringComparison.Ordinal) && (procedure.Length == listed.Length || procedure[listed.Length] == '.');
}

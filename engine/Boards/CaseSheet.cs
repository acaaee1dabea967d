namespace KpiStream.Engine.Boards;

/// <summary>
/// Everything that is held of one case, for those who may ask for it. Names no code: the case and its parent stand here as pseudonyms.
/// Immutable; serialised as it stands, in camel case.
/// </summary>
/// <param name="Case">The pseudonym in 32 hexadecimal digits.</param>
/// <param name="Now">The instant the sheet is of, local time.</param>
/// <param name="Registers">What sources stated, in the order of the contract's table.</param>
/// <param name="Times">The derived instants and first times there are, by name.</param>
/// <param name="Conditions">The conditions that hold.</param>
/// <param name="Figures">Every figure of the rulebook.</param>
public sealed record CaseSheet(
    string Case, string Now, IReadOnlyList<CaseSheetRegister> Registers, IReadOnlyDictionary<string, string> Times, CaseSheetUnit Handling,
    CaseSheetUnit Receiving,
    IReadOnlyList<string> Conditions, IReadOnlyList<CaseSheetFigure> Figures)
{
    /// <summary>Days on which <c>same_day</c> rests and that are only expected to be closed, or worked; null for none.</summary>
    public IReadOnlyList<CaseSheetDay>? ExpectedDays { get; init; }
}

/// <summary>A day of the working calendar that nobody has announced yet.</summary>
/// <param name="Name">The holiday.</param>
public sealed record CaseSheetDay(DateOnly Date, bool IsWorked, string Name);

/// <summary>One register with its stamp.</summary>
/// <param name="Value">As the contract writes it; null for a fact that was cleared.</param>
/// <param name="At">When its source recorded it, local time.</param>
public sealed record CaseSheetRegister(string Key, string? Value, string At, long Seq)
{
    /// <summary>What the code is called; null where the procedure catalogue does not say, and for all other keys.</summary>
    public string? Name { get; init; }
}

/// <summary>One of a case's units.</summary>
/// <param name="Stated">The code that was stated, or the other unit's where none was; <c>?</c> when neither was.</param>
/// <param name="Today">The unit that has taken over by now.</param>
/// <param name="Name">Its name; null for a code in no directory.</param>
public sealed record CaseSheetUnit(string Stated, string Today, string? Name);

/// <summary>What the case counts in one figure.</summary>
/// <param name="Unit">The unit it counts in, successors applied; null when it does not count.</param>
/// <param name="At">The instant it counts at, local time; null when it does not count.</param>
/// <param name="Denominator">True when it counts.</param>
/// <param name="Numerator">True when it meets every item too; null for a volume, when it does not count, and when it is unobserved.</param>
/// <param name="Missing">The items it does not meet, those among <paramref name="Unknown"/> included.</param>
/// <param name="Unknown">The items that cannot be told, because no source has stated what they rest on.</param>
/// <param name="Outside">Why it does not count: conditions of the figure that do not hold, and <c>no filed</c>, <c>no accepted</c> or <c>no ended</c>.</param>
public sealed record CaseSheetFigure(
    string Kpi, string NameVi, string NameEn, bool Denominator, bool? Numerator, string? Unit, string? At, IReadOnlyList<string> Missing,
    IReadOnlyList<string> Unknown, IReadOnlyList<string> Outside);

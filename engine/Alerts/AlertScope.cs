using KpiStream.Engine.Units;

namespace KpiStream.Engine.Alerts;

/// <summary>
/// The units a rule judges: all of some kinds, and single codes; a code excluded is never judged. Immutable; scopes of the same units are equal.
/// </summary>
public sealed record AlertScope
{
    /// <summary>Communes and departments: every unit that is nobody's parent.</summary>
    public static readonly AlertScope Leaves = new() { Kinds = [UnitKind.Commune, UnitKind.Department] };

    public static readonly AlertScope Communes = new() { Kinds = [UnitKind.Commune] };

    /// <summary>The province or the nation that a directory is about, and everything else in it.</summary>
    public static readonly AlertScope Everything = new() { Kinds = [.. Enum.GetValues<UnitKind>()] };

    public IReadOnlyList<UnitKind> Kinds { get; init; } = [];

    /// <summary>Judged whatever their kind.</summary>
    public IReadOnlyList<string> Codes { get; init; } = [];

    /// <summary>Never judged.</summary>
    public IReadOnlyList<string> Except { get; init; } = [];

    /// <summary>The name of the list that <see cref="Codes"/> came from; null when they were written in the rule.</summary>
    public string? List { get; init; }

    public bool Contains(UnitRow unit) => !Has(Except, unit.Code) && (Kinds.Contains(unit.Level) || Has(Codes, unit.Code));

    public bool Equals(AlertScope? other) => other is not null && Key == other.Key;

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Key);

    private string Key => $"{string.Join(',', Kinds.Order())};{string.Join(',', Codes.Order())};{string.Join(',', Except.Order())};{List}";

    private static bool Has(IReadOnlyList<string> codes, string code) => codes.Contains(code, StringComparer.Ordinal);
}

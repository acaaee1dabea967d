namespace KpiStream.Engine.Units;

/// <summary>One row of a unit directory (spec section 6).</summary>
/// <param name="Code">The unit's code; a commune's is five digits, leading zeros kept.</param>
/// <param name="Name">Its Vietnamese name.</param>
/// <param name="Kind">phường, xã, tỉnh, …</param>
/// <param name="Parent">The code of the unit above; null for the top.</param>
/// <param name="ValidFrom">Informs only.</param>
/// <param name="ValidTo">The first local day on which the unit is no more; null while it is valid.</param>
/// <param name="Successor">Who takes over from <paramref name="ValidTo"/> on; null when nobody does.</param>
/// <param name="Aliases">Other names, for source profiles, imports and search.</param>
public sealed record UnitRow(
    string Code, string Name, string Kind, string? Parent, DateOnly? ValidFrom, DateOnly? ValidTo, string? Successor, IReadOnlyList<string> Aliases);

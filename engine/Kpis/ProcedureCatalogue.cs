namespace KpiStream.Engine.Kpis;

/// <summary>How far a procedure can be done online (Decree 42/2022/NĐ-CP).</summary>
public enum OnlineLevel
{
    Full, Partial, None,
}

/// <summary>One row of the procedure catalogue.</summary>
/// <param name="Code">The national code; cases' codes match it as in <see cref="Rulebook.Matches"/>.</param>
/// <param name="Name">Its Vietnamese name.</param>
/// <param name="Field">Its field's code; null when not said.</param>
/// <param name="IsEligible">True when it qualifies for being offered fully online.</param>
/// <param name="Fee">Đồng due as a rule; null when not said.</param>
public sealed record ProcedureRow(string Code, string Name, string? Field, OnlineLevel Level, bool IsEligible, long? Fee);

/// <summary>The procedures an authority offers. Immutable.</summary>
public sealed class ProcedureCatalogue
{
    public static readonly ProcedureCatalogue Empty = new([]);

    private readonly Dictionary<string, ProcedureRow> byCode;

    /// <param name="rows">No code twice.</param>
    public ProcedureCatalogue(IReadOnlyList<ProcedureRow> rows)
    {
        Rows = rows;
        byCode = rows.ToDictionary(row => row.Code);
    }

    public IReadOnlyList<ProcedureRow> Rows { get; }

    /// <summary>The row of a case's procedure code: the code itself, or the longest one it continues behind a dot. Null when there is none.</summary>
    public ProcedureRow? Find(string code)
    {
        for (var length = code.Length; length > 0; length = code.LastIndexOf('.', length - 1))
        {
            if (byCode.TryGetValue(code[..length], out var row))
            {
                return row;
            }
        }

        return null;
    }

    /// <summary><c>procedures_offered_online</c>: of the eligible procedures those offered fully online.</summary>
    public FigureCount OfferedOnline => new(Rows.Count(row => row.IsEligible), Rows.Count(row => row is { IsEligible: true, Level: OnlineLevel.Full }), 0);

    /// <summary>The rulebook with its lists of eligible procedures filled from the catalogue.</summary>
    public Rulebook Complete(Rulebook rulebook)
    {
        IReadOnlyList<string> eligible = [.. Rows.Where(row => row.IsEligible).Select(row => row.Code)];
        return rulebook with
        {
            Lists = [.. rulebook.Lists.Select(list => list.IsOfCatalogue ? list with { Procedures = [.. list.Procedures, .. eligible] } : list)],
        };
    }
}

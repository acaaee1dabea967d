namespace KpiStream.Engine.Units;

/// <summary>
/// The units of a province or the nation: who exists, who is above whom, and who took over from whom when.
/// Immutable.
/// </summary>
public sealed class UnitDirectory
{
    /// <summary>The unit of cases that name none.</summary>
    public const string Unstated = "?";

    private readonly Dictionary<string, UnitRow> byCode;
    private readonly HashSet<string> parents;
    private readonly Dictionary<string, string> byAlias = [];

    private UnitDirectory(IReadOnlyList<UnitRow> rows, string version)
    {
        Rows = rows;
        Version = version;
        byCode = rows.ToDictionary(row => row.Code);
        parents = [.. rows.Select(row => row.Parent).OfType<string>()];
        UnlistedParent = ParentOfUnlisted(rows);
    }

    /// <summary>All rows in the file's order.</summary>
    public IReadOnlyList<UnitRow> Rows { get; }

    /// <summary>What identifies this directory on boards and in reports.</summary>
    public string Version { get; }

    /// <summary>
    /// Whom codes of no directory belong to: the directory's one province, the only unit now valid right below the root; the root where there
    /// are several. What a province's own systems report is the province's, and a total without it is wrong.
    /// </summary>
    public string? UnlistedParent { get; }

    /// <summary>Checks the rows and makes a directory of them; null when <paramref name="problems"/> got any.</summary>
    public static UnitDirectory? TryCreate(IReadOnlyList<UnitRow> rows, string version, ICollection<string> problems)
    {
        foreach (var twice in rows.GroupBy(row => row.Code).Where(group => group.Count() > 1))
        {
            problems.Add($"unit {twice.Key} is listed {twice.Count()} times");
        }

        if (problems.Count > 0)
        {
            return null;
        }

        var directory = new UnitDirectory(rows, version);
        directory.CheckAliases(problems);
        foreach (var row in rows)
        {
            directory.CheckLinks(row, problems);
        }

        return problems.Count == 0 ? directory : null;
    }

    public UnitRow? Find(string code) => byCode.GetValueOrDefault(code);

    /// <summary>True for a row that no row names as parent, and for a code in no directory.</summary>
    public bool IsLeaf(string code) => !parents.Contains(code);

    /// <summary>True for units that are shown at zero: leaves of the directory that are still valid.</summary>
    public bool IsShownAtZero(UnitRow row) => row.ValidTo is null && !parents.Contains(row.Code);

    /// <summary>The code under which a stated one is listed: itself, or the unit that carries it as an alias; itself when it is in no directory.</summary>
    public string Listed(string code) => !byCode.ContainsKey(code) && byAlias.TryGetValue(UnitNames.CodeKey(code), out var unit) ? unit : code;

    /// <summary>The unit a contribution of a local day goes to: by alias where the code is not listed, then along the chain of successors.</summary>
    public string Resolve(string code, int localDay)
    {
        code = Listed(code);
        while (byCode.GetValueOrDefault(code) is { ValidTo: { } end, Successor: { } successor } && localDay >= LocalTime.DayOf(end))
        {
            code = Listed(successor);
        }

        return code;
    }

    /// <summary>The units above a code, nearest first; for an unlisted code from <see cref="UnlistedParent"/> on.</summary>
    public IEnumerable<string> Above(string code)
    {
        for (var parent = Find(code) is { } row ? row.Parent : UnlistedParent; parent is not null; parent = Find(parent)?.Parent)
        {
            yield return parent;
        }
    }

    /// <summary>The province a code lies in, itself included; the top of what it belongs to where there is none.</summary>
    public string ProvinceOf(string code)
    {
        var top = code;
        foreach (var unit in Above(code).Prepend(code))
        {
            if (Find(unit) is { IsProvince: true })
            {
                return unit;
            }

            top = unit;
        }

        return top;
    }

    /// <summary>True for a unit itself and for all below it.</summary>
    public bool IsAtOrBelow(string code, string unit) => code == unit || Above(code).Contains(unit, StringComparer.Ordinal);

    /// <summary>True for units of which procedures are counted: provinces, and what is above them.</summary>
    public bool CountsProcedures(string code) =>
        Find(code) is { ValidTo: null } row && (row.IsProvince || row.Parent is null || Rows.Any(one => one.IsProvince && one.Parent == code));

    private void CheckLinks(UnitRow row, ICollection<string> problems)
    {
        if (row.Parent is { } parent && !byCode.ContainsKey(parent))
        {
            problems.Add($"unit {row.Code}: its parent {parent} is not in the directory");
        }

        CheckChain(row, "parent", unit => unit.Parent, problems);
        CheckChain(row, "successor", unit => unit.Successor is { } successor ? Listed(successor) : null, problems);
    }

    private void CheckAliases(ICollection<string> problems)
    {
        foreach (var row in Rows)
        {
            foreach (var alias in row.Aliases)
            {
                if (!byAlias.TryAdd(UnitNames.CodeKey(alias), row.Code) && Find(byAlias[UnitNames.CodeKey(alias)]) is { } other && other.Code != row.Code)
                {
                    problems.Add($"{LineOf(row)}unit {row.Code}: its alias '{alias}' is also carried by unit "
                        + $"{other.Code}{(other.Line > 0 ? $" (line {other.Line})" : "")}; "
                        + "an alias names one unit, so remove it from one of the two");
                }
            }
        }
    }

    private static string LineOf(UnitRow row) => row.Line > 0 ? $"line {row.Line}: " : "";

    private static string? ParentOfUnlisted(IReadOnlyList<UnitRow> rows)
    {
        var valid = rows.Where(row => row.ValidTo is null).ToList();
        if (valid.Where(row => row.Parent is null).Take(2).ToList() is not [var root])
        {
            return null;
        }

        return valid.Where(row => row.Parent == root.Code).Take(2).ToList() is [var only] ? only.Code : root.Code;
    }

    private void CheckChain(UnitRow row, string link, Func<UnitRow, string?> next, ICollection<string> problems)
    {
        var seen = new HashSet<string>() { row.Code };
        for (var code = next(row); code is not null; code = Find(code) is { } unit ? next(unit) : null)
        {
            if (!seen.Add(code))
            {
                problems.Add($"unit {row.Code}: following its {link}s leads in a circle through {code}");
                return;
            }
        }
    }
}

using KpiStream.Engine.Time;

namespace KpiStream.Engine.Units;

/// <summary>
/// The units of a province or the nation (spec section 6): who exists, who is above whom, and who took over from whom when.
/// Immutable.
/// </summary>
public sealed class UnitDirectory
{
    /// <summary>The unit of cases that name none.</summary>
    public const string Unstated = "?";

    private readonly Dictionary<string, UnitRow> byCode;
    private readonly HashSet<string> parents;

    private UnitDirectory(IReadOnlyList<UnitRow> rows, string version)
    {
        Rows = rows;
        Version = version;
        byCode = rows.ToDictionary(row => row.Code, StringComparer.Ordinal);
        parents = [.. rows.Select(row => row.Parent).OfType<string>()];
    }

    /// <summary>All rows in the file's order.</summary>
    public IReadOnlyList<UnitRow> Rows { get; }

    /// <summary>What identifies this directory on boards and in reports.</summary>
    public string Version { get; }

    /// <summary>Checks the rows and makes a directory of them; null when <paramref name="problems"/> got any.</summary>
    public static UnitDirectory? TryCreate(IReadOnlyList<UnitRow> rows, string version, ICollection<string> problems)
    {
        foreach (var twice in rows.GroupBy(row => row.Code, StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            problems.Add($"unit {twice.Key} is listed {twice.Count()} times");
        }

        if (problems.Count > 0)
        {
            return null;
        }

        var directory = new UnitDirectory(rows, version);
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

    /// <summary>The unit a contribution of a local day goes to, following successors along chains.</summary>
    public string Resolve(string code, int localDay)
    {
        while (byCode.GetValueOrDefault(code) is { ValidTo: { } end, Successor: { } successor } && localDay >= LocalTime.DayOf(end))
        {
            code = successor;
        }

        return code;
    }

    /// <summary>The units above a code, nearest first; none for an unknown code.</summary>
    public IEnumerable<string> Above(string code)
    {
        for (var parent = Find(code)?.Parent; parent is not null; parent = Find(parent)?.Parent)
        {
            yield return parent;
        }
    }

    private void CheckLinks(UnitRow row, ICollection<string> problems)
    {
        if (row.Parent is { } parent && !byCode.ContainsKey(parent))
        {
            problems.Add($"unit {row.Code}: its parent {parent} is not in the directory");
        }

        CheckChain(row, "parent", unit => unit.Parent, problems);
        CheckChain(row, "successor", unit => unit.Successor, problems);
    }

    private void CheckChain(UnitRow row, string link, Func<UnitRow, string?> next, ICollection<string> problems)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal) { row.Code };
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

using KpiStream.Engine.Units;

namespace KpiStream.Engine.Kpis;

/// <summary>Which unit codes are communes, by id. Immutable.</summary>
internal sealed class CommuneTable
{
    private readonly bool[] isCommune;

    /// <summary>Interns the communes of the directory.</summary>
    public CommuneTable(CodeTable units, UnitDirectory directory)
    {
        int[] ids = [.. directory.Rows.Where(row => row.IsCommune).Select(row => units.Intern(row.Code))];
        isCommune = new bool[ids.DefaultIfEmpty().Max() + 1];
        foreach (var id in ids)
        {
            isCommune[id] = true;
        }
    }

    public bool Contains(int unit) => (uint)unit < (uint)isCommune.Length && isCommune[unit];
}

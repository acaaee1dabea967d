using KpiStream.Engine.Codecs;

namespace KpiStream.Engine.Units;

/// <summary>
/// Finds a directory's units by code, name, name with its kind before it ("Xã Nghĩa Trụ"), or alias, compared as <see cref="UnitNames"/> does. A name
/// that two units bear is nobody's; a unit that is valid now goes before old ones of its name. Immutable.
/// </summary>
public sealed class UnitAliases : IUnitNames
{
    private readonly UnitDirectory directory;
    private readonly Dictionary<string, string?> codes = [];

    public UnitAliases(UnitDirectory directory)
    {
        this.directory = directory;
        foreach (var validNow in (bool[])[true, false])
        {
            var generation = directory.Rows.Where(row => row.ValidTo is null == validNow)
                .SelectMany(row => NamesOf(row).Select(UnitNames.SearchKey).Distinct().Select(name => (name, row.Code)))
                .GroupBy(entry => entry.name, entry => entry.Code);
            foreach (var group in generation)
            {
                codes.TryAdd(group.Key, group.Count() == 1 ? group.First() : null);
            }
        }
    }

    public string? CodeOf(string name) => directory.Find(name)?.Code ?? codes.GetValueOrDefault(UnitNames.SearchKey(name));

    private static IEnumerable<string> NamesOf(UnitRow row) => row.Aliases.Append(row.Name).Append($"{row.Kind} {row.Name}").Where(name => name.Length > 0);
}

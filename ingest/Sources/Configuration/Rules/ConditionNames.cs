namespace KpiStream.Ingest.Sources.Configuration.Rules;

/// <summary>The conditions a rulebook may name: those every rulebook knows, and <c>in:</c> with the name of one of its own lists.</summary>
internal sealed class ConditionNames(IReadOnlyList<ProcedureList> lists)
{
    public const string Negation = "not";

    public IReadOnlyList<string> All { get; } = [.. Conditions.Names, .. lists.Select(list => Conditions.ListPrefix + list.Name)];

    public IReadOnlyList<string> Lists { get; } = [.. lists.Select(list => list.Name)];

    public bool TryFind(string name, out Condition condition)
    {
        if (Conditions.TryFind(name, out condition))
        {
            return true;
        }

        var list = name.StartsWith(Conditions.ListPrefix) ? ListOf(name[Conditions.ListPrefix.Length..]) : null;
        condition = list ?? default;
        return list is not null;
    }

    /// <summary>The condition of a list; null when there is none of the name.</summary>
    public Condition? ListOf(string name)
    {
        for (var list = 0; list < lists.Count; list++)
        {
            if (lists[list].Name == name)
            {
                return Condition.FirstList + list;
            }
        }

        return null;
    }

    public string NameOf(Literal literal)
    {
        var name = literal.Condition >= Condition.FirstList
            ? Conditions.ListPrefix + lists[literal.Condition - Condition.FirstList].Name
            : Conditions.NameOf(literal.Condition);
        return literal.Negated ? $"{Negation} {name}" : name;
    }
}

namespace KpiStream.Engine.Codecs;

/// <summary>A profile made ready: every payload key has a slot, every fact its rule and the slot it reads. Immutable.</summary>
internal sealed class PayloadLayout
{
    /// <summary>The most keys looked for inside the items of a list.</summary>
    public const int MaxItemKeys = 8;

    private readonly PayloadRule?[] rules = new PayloadRule?[CaseKeys.Count];
    private readonly int[] slots = new int[CaseKeys.Count];
    private readonly PayloadKeys[] items = new PayloadKeys[CaseKeys.Count];

    public PayloadLayout(SourceProfile profile)
    {
        Profile = profile;
        Source = profile.Source is { } source ? Encoding.UTF8.GetBytes(source) : null;
        var names = profile.Rules.Select(rule => rule.Key).Distinct().ToList();
        Keys = new PayloadKeys(names);
        foreach (var rule in profile.Rules)
        {
            rules[(int)rule.To] = rule;
            slots[(int)rule.To] = names.IndexOf(rule.Key);
            items[(int)rule.To] = new PayloadKeys(rule is AnyItemRule any ? any.Items : rule is SumRule sum ? [sum.Item] : []);
        }
    }

    public SourceProfile Profile { get; }

    /// <summary>The constant source; null when a key states it.</summary>
    public byte[]? Source { get; }

    public PayloadKeys Keys { get; }

    public PayloadRule? RuleOf(CaseKey key) => rules[(int)key];

    /// <summary>The slot a fact is read from; only for facts that have a rule.</summary>
    public int SlotOf(CaseKey key) => slots[(int)key];

    /// <summary>The keys looked for inside the items of the list a fact is read from.</summary>
    public PayloadKeys ItemsOf(CaseKey key) => items[(int)key];
}

/// <summary>The keys that a payload, or an item of one of its lists, is searched for, in slot order.</summary>
internal readonly struct PayloadKeys(IReadOnlyList<string> names) : JsonScanner.IKeys
{
    private readonly byte[][] names = [.. names.Select(Encoding.UTF8.GetBytes)];

    public int Count => names.Length;

    public int SlotOf(ReadOnlySpan<byte> name)
    {
        for (var slot = 0; slot < names.Length; slot++)
        {
            if (name.SequenceEqual(names[slot]))
            {
                return slot;
            }
        }

        return JsonScanner.NoSlot;
    }
}

using KpiStream.Engine.Units;

namespace KpiStream.Engine.Alerts;

/// <summary>The silences in force. Pure; owned by one thread at a time; at most <see cref="Most"/>.</summary>
public sealed class SilenceBook(UnitDirectory units)
{
    public const int Most = 1_000;

    private readonly List<Silence> all = [];

    /// <summary>Those that have not ended, in the order of their ends.</summary>
    public IReadOnlyList<Silence> All => [.. all.OrderBy(static silence => silence.Until).ThenBy(static silence => silence.Id, StringComparer.Ordinal)];

    /// <summary>False when there are too many already.</summary>
    public bool TryAdd(Silence silence)
    {
        if (all.Count >= Most)
        {
            return false;
        }

        all.Add(silence);
        return true;
    }

    /// <summary>Ends one before its time; null when there is none of this id.</summary>
    public Silence? End(string id)
    {
        var found = all.Find(silence => silence.Id == id);
        all.Remove(found!);
        return found;
    }

    /// <summary>Forgets those that have ended.</summary>
    /// <returns>Those forgotten.</returns>
    public IReadOnlyList<Silence> Expire(long now)
    {
        var ended = all.FindAll(silence => silence.Until <= now);
        all.RemoveAll(silence => silence.Until <= now);
        return ended;
    }

    /// <summary>The id of the one that keeps an alert quiet longest; null when none does.</summary>
    public string? Find(Alert alert) => all.Count == 0 ? null : all.Where(silence => silence.Matches(alert, units)).MaxBy(static silence => silence.Until)?.Id;
}

namespace KpiStream.Engine.Events;

/// <summary>
/// The keys of an event, in the order in which they are judged. The value is the key's bit in
/// <see cref="CaseEvent.Stated"/> and in the mask of the compact MessagePack form.
/// </summary>
public enum CaseKey
{
    Source, Case, At, Seq, Kind, Status, Procedure, Field, Receiving, Handling, Channel, Filed, Accepted, Due, Ended,
    Fee, Waived, PaidVia, Result, Signed, Returned, Presence, Digitised, Reused, VNeId, Synced, Satisfied, Parent,
    ComponentsSigned, ResultDigitised, Stored, ResultSynced,
}

/// <summary>The keys' names on the wire and the sets the fold and the codecs work with.</summary>
public static class CaseKeys
{
    /// <summary>The last key of the table.</summary>
    public const CaseKey Last = CaseKey.ResultSynced;

    /// <summary>As many as a mask of 32 bits has room for: <see cref="CaseEvent.Stated"/> is full.</summary>
    public const int Count = (int)Last + 1;

    /// <summary>The longest name in bytes, that of <see cref="CaseKey.ComponentsSigned"/>.</summary>
    public const int LongestName = 17;

    /// <summary>Required keys: an event without them, or with null in them, is rejected.</summary>
    public const uint Required = (1u << (int)CaseKey.Source) | (1u << (int)CaseKey.Case) | (1u << (int)CaseKey.At);

    /// <summary>Keys that are registers of the case: all but its identity and the stamp itself.</summary>
    public const uint Registers = ~((1u << (int)CaseKey.Case) | (1u << (int)CaseKey.At) | (1u << (int)CaseKey.Seq));

    private static readonly string[] NamesInOrder =
    [
        "source", "case", "at", "seq", "kind", "status", "procedure", "field", "receiving", "handling", "channel", "filed", "accepted", "due", "ended",
        "fee", "waived", "paid_via", "result", "signed", "returned", "presence", "digitised", "reused", "vneid", "synced", "satisfied", "parent",
        "components_signed", "result_digitised", "stored", "result_synced",
    ];

    // By length, because every event asks this question for each of its keys: at most eight names have the same one.
    private static readonly (byte[] Name, CaseKey Key)[][] ByLength =
    [
        .. Enumerable.Range(0, NamesInOrder.Max(name => name.Length) + 1).Select(length => NamesInOrder
            .Select((name, index) => (System.Text.Encoding.UTF8.GetBytes(name), (CaseKey)index)).Where(entry => entry.Item1.Length == length).ToArray()),
    ];

    /// <summary>The key's name as it stands in JSON and in reject reasons.</summary>
    public static string NameOf(CaseKey key) => NamesInOrder[(int)key];

    /// <summary>The place of a name in the table; names that are not in it, and none, come last.</summary>
    public static int PlaceOf(string? name) => Array.IndexOf(NamesInOrder, name) is >= 0 and var place ? place : Count;

    /// <summary>Finds a key by its unescaped UTF-8 name.</summary>
    public static bool TryFind(ReadOnlySpan<byte> name, out CaseKey key)
    {
        foreach (var (known, found) in name.Length < ByLength.Length ? ByLength[name.Length] : [])
        {
            if (name.SequenceEqual(known))
            {
                key = found;
                return true;
            }
        }

        key = default;
        return false;
    }
}

namespace KpiStream.Engine.Events;

/// <summary>
/// The closed vocabularies of events, each in the order that recordings and checkpoints keep. A word's code is its position plus one;
/// code 0 is null, the lowest value when stamps are equal.
/// </summary>
public sealed class Words
{
    public static readonly Words Kind = new(CaseKey.Kind, "case", "feedback", "publication");
    public static readonly Words Channel = new(CaseKey.Channel, "counter", "online", "post");
    public static readonly Words PaidVia = new(CaseKey.PaidVia, "none", "national", "local", "counter");
    public static readonly Words Result = new(CaseKey.Result, "none", "paper", "electronic", "not_required");
    public static readonly Words Returned = new(CaseKey.Returned, "none", "online", "post", "counter");
    public static readonly Words Presence = new(CaseKey.Presence, "none", "visit", "paper", "on_site");

    private readonly byte[][] utf8;

    private Words(CaseKey key, params string[] words)
    {
        Key = key;
        List = words;
        utf8 = [.. words.Select(Encoding.UTF8.GetBytes)];
    }

    public CaseKey Key { get; }

    /// <summary>The words in the table's order.</summary>
    public IReadOnlyList<string> List { get; }

    /// <summary>The vocabulary of a key; null when the key's values are not words.</summary>
    public static Words? Of(CaseKey key) => key switch
    {
        CaseKey.Kind => Kind,
        CaseKey.Channel => Channel,
        CaseKey.PaidVia => PaidVia,
        CaseKey.Result => Result,
        CaseKey.Returned => Returned,
        CaseKey.Presence => Presence,
        _ => null,
    };

    /// <summary>The code of a word, 1 for the first; false for a word that is not in the list.</summary>
    public bool TryCode(ReadOnlySpan<byte> word, out int code)
    {
        for (var i = 0; i < utf8.Length; i++)
        {
            if (word.SequenceEqual(utf8[i]))
            {
                code = i + 1;
                return true;
            }
        }

        code = 0;
        return false;
    }
}

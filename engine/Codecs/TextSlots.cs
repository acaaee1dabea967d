using KpiStream.Engine.Events;

namespace KpiStream.Engine.Codecs;

/// <summary>
/// The plain text of an event's text keys while the event is judged: room for the longest legal value of each, and no more.
/// The text is overwritten by the next event and never leaves the decoder.
/// </summary>
internal sealed class TextSlots
{
    private const int Room = 64;

    private readonly byte[] room = new byte[CaseKeys.Count * Room];
    private readonly int[] lengths = new int[CaseKeys.Count];

    /// <summary>The text put for a key; empty when none was.</summary>
    public ReadOnlySpan<byte> this[CaseKey key] => room.AsSpan((int)key * Room, lengths[(int)key]);

    /// <summary>The longest text of a key in UTF-8 bytes (spec section 2).</summary>
    public static int LongestOf(CaseKey key) => key switch
    {
        CaseKey.Source or CaseKey.Receiving or CaseKey.Handling => 32,
        CaseKey.Procedure or CaseKey.Field => 40,
        _ => Room,
    };

    public void Clear() => Array.Clear(lengths);

    /// <summary>Keeps a string's text; false when the token is no string, the text is too long or has a lone surrogate.</summary>
    public bool TryPut(CaseKey key, ReadOnlySpan<byte> bytes, JsonToken token)
    {
        if (token.Kind != JsonTokenKind.String)
        {
            return false;
        }

        var target = room.AsSpan((int)key * Room, LongestOf(key));
        var written = bytes.Length;
        var fits = token.Escaped ? JsonText.TryUnescape(bytes, target, out written) : bytes.TryCopyTo(target);
        lengths[(int)key] = fits ? written : 0;
        return fits;
    }
}

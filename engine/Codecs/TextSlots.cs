namespace KpiStream.Engine.Codecs;

/// <summary>
/// The plain text of an event's text keys while the event is judged: room for the longest legal value of each, and no more.
/// The text is overwritten by the next event and never leaves the decoder.
/// </summary>
internal sealed class TextSlots
{
    /// <summary>The longest text of any key in bytes.</summary>
    public const int Room = 64;

    private readonly byte[] room = new byte[CaseKeys.Count * Room];
    private readonly int[] lengths = new int[CaseKeys.Count];

    /// <summary>The text put for a key; empty when none was.</summary>
    public ReadOnlySpan<byte> this[CaseKey key] => room.AsSpan((int)key * Room, lengths[(int)key]);

    /// <summary>The longest text of a key in UTF-8 bytes.</summary>
    public static int LongestOf(CaseKey key) => key switch
    {
        CaseKey.Source or CaseKey.Receiving or CaseKey.Handling => 32,
        CaseKey.Procedure or CaseKey.Field => 40,
        _ => Room,
    };

    public void Clear() => Array.Clear(lengths);

    /// <summary>Where the text of a key is to be written, exactly as long as it may be.</summary>
    public Span<byte> RoomFor(CaseKey key) => room.AsSpan((int)key * Room, LongestOf(key));

    /// <summary>Says how much of the room has been written.</summary>
    public void Put(CaseKey key, int length) => lengths[(int)key] = length;
}

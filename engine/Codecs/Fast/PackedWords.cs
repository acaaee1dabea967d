using System.Runtime.CompilerServices;
using MessagePack;

namespace KpiStream.Engine.Codecs.Fast;

/// <summary>
/// The values of the keys of <see cref="Registers.Packed"/>: in one byte positions of words, flags, the status and nil; and words as texts, found as
/// <see cref="ClosedValues"/> finds those of JSON. Immutable.
/// </summary>
internal static class PackedWords
{
    /// <summary>The bit of <see cref="Of"/>'s result that no value has: the byte is no such value.</summary>
    public const ulong Surprise = 1ul << 63;

    private const int StatusCount = 10;

    private static readonly ulong Keys = Enumerable.Range(0, CaseKeys.Count).Where(key => WordLayout.Holds((CaseKey)key))
        .Aggregate(0UL, (keys, key) => keys | (1UL << key));

    private static readonly ulong[] Values = [.. Enumerable.Range(0, CaseKeys.Count << 8).Select(place => ValueOf((CaseKey)(place >> 8), (byte)place))];

    /// <summary>The value in its place, or <see cref="Surprise"/>.</summary>
    /// <param name="key">The number of a key.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(int key, byte value) => Values[(key << 8) | value];

    /// <summary>True for keys with words, for flags and for the status.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Has(int slot) => (Keys & (1UL << slot)) != 0;

    /// <summary>Reads a value of either kind.</summary>
    /// <param name="here">The value's first byte.</param>
    /// <param name="slot">A key that <see cref="Has"/> them.</param>
    /// <param name="packed">Receives the value in its place of <see cref="Registers.Packed"/>.</param>
    /// <returns>The bytes read; 0 for any other value.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Read(ref byte here, int slot, ref ulong packed)
    {
        if (PackedText.IsShort(here))
        {
            return ClosedValues.ReadPacked(ref here, slot, ref packed);
        }

        var value = Of(slot, here);
        packed |= value;
        return value == Surprise ? 0 : 1;
    }

    private static ulong ValueOf(CaseKey key, byte value)
    {
        var code = value == MessagePackCode.Nil ? 0 : CodeOf(key, value);
        return WordLayout.Holds(key) && code >= 0 ? (ulong)code << WordLayout.ShiftOf(key) : Surprise;
    }

    private static int CodeOf(CaseKey key, byte value) => key switch
    {
        CaseKey.Status => value is >= 1 and <= StatusCount ? value : -1,
        _ when Words.Of(key) is { } words => value < words.List.Count ? value + 1 : -1,
        _ => value switch { MessagePackCode.False => WordLayout.False, MessagePackCode.True => WordLayout.True, _ => -1 },
    };
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace KpiStream.Engine.Codecs.Fast;

/// <summary>
/// The values of keys that have few of them: words in their quotes, true, false and null, found by one multiplication and one comparison whatever
/// the value is, because which it is cannot be predicted. Immutable.
/// </summary>
internal static class ClosedValues
{
    private const int PlacesPerKey = 16;
    private const int TableBits = 4;

    private static readonly ulong Keys = Of.Aggregate(0UL, (keys, value) => keys | (1UL << (int)value.Key));
    private static readonly uint Factor = FactorFor(Of);
    private static readonly Entry[] Entries = Filled(static text => text);
    private static readonly Entry[] PackedEntries = Filled(Packed);
    private static readonly byte[] Lengths = [.. Entries.Select(entry => entry.Length)];

    private static Value[] Of =>
    [
        .. Enumerable.Range(0, CaseKeys.Count).Select(key => (CaseKey)key).Where(key => WordLayout.Holds(key) && key != CaseKey.Status)
            .SelectMany(key => TextsOf(key).Select((text, code) => new Value(key, Encoding.UTF8.GetBytes(text), code))),
    ];

    /// <summary>True for keys with words and for flags.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Has(int slot) => (Keys & (1UL << slot)) != 0;

    /// <summary>Reads a value of a key with words or a flag.</summary>
    /// <param name="here">The value's first byte.</param>
    /// <param name="slot">The key.</param>
    /// <param name="packed">Receives the value in its place of <see cref="Registers.Packed"/>.</param>
    /// <returns>The bytes read; 0 for any other value.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Read(ref byte here, int slot, ref ulong packed)
    {
        // The length stands apart from the rest because the next member waits for nothing else.
        var place = PlaceOf(slot, Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref here, 1)), Factor);
        ref readonly var entry = ref Entries[place];
        packed |= entry.Packed;
        return (Vector128.LoadUnsafe(ref here) & entry.Mask) == entry.Bytes ? Lengths[place] : 0;
    }

    /// <summary>Reads a word as MessagePack has it, a text of up to 31 bytes.</summary>
    /// <param name="here">The text's head.</param>
    /// <param name="slot">The key.</param>
    /// <param name="packed">As in <see cref="Read"/>.</param>
    /// <returns>The bytes read; 0 for any other text.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ReadPacked(ref byte here, int slot, ref ulong packed)
    {
        ref readonly var entry = ref PackedEntries[PlaceOf(slot, Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref here, 1)), Factor)];
        packed |= entry.Packed;
        return (Vector128.LoadUnsafe(ref here) & entry.Mask) == entry.Bytes ? entry.Length : 0;
    }

    private static string[] TextsOf(CaseKey key) =>
        Words.Of(key) is { } words ? ["null", .. words.List.Select(word => $"\"{word}\"")] : ["null", "false", "true"];

    /// <summary>The second to fourth byte tell the values of a key apart; the factor's last byte is zero, which leaves the fifth out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int PlaceOf(int slot, uint word, uint factor) => (slot << TableBits) + (int)((word * factor) >> (32 - TableBits));

    private static uint Word(byte[] text) => text[1] | ((uint)text[2] << 8) | ((uint)text[3] << 16);

    /// <summary>The first factor that gives every value of a key a place of its own.</summary>
    private static uint FactorFor(Value[] values)
    {
        var factor = 0x9E377900u;
        while (values.DistinctBy(value => PlaceOf((int)value.Key, Word(value.Text), factor)).Count() < values.Length)
        {
            factor += 0x100;
        }

        return factor;
    }

    /// <summary>A word with its head in place of the quotes; nothing for flags and null, which are no texts there.</summary>
    private static byte[] Packed(byte[] text) => text[0] == '"' ? [(byte)(PackedText.Short | (text.Length - 2)), .. text[1..^1]] : [];

    private static Entry[] Filled(Func<byte[], byte[]> written)
    {
        var entries = new Entry[Slots.Count << TableBits];
        Array.Fill(entries, new Entry { Bytes = Vector128<byte>.AllBitsSet });
        foreach (var (key, text, code) in Of)
        {
            if (written(text) is { Length: > 0 } bytes)
            {
                entries[PlaceOf((int)key, Word(text), Factor)] = new Entry(bytes, (ulong)code << WordLayout.ShiftOf(key));
            }
        }

        return entries;
    }

    private sealed record Value(CaseKey Key, byte[] Text, int Code);

    private struct Entry
    {
        public Vector128<byte> Bytes;
        public Vector128<byte> Mask;
        public ulong Packed;
        public byte Length;

        public Entry(byte[] text, ulong packed)
        {
            Bytes = Vector128.Create<byte>([.. text, .. new byte[Vector128<byte>.Count - text.Length]]);
            Mask = FastText.FirstBytes(text.Length).GetLower();
            (Packed, Length) = (packed, (byte)text.Length);
        }
    }
}

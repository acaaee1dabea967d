using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text;
using KpiStream.Engine.Events;

namespace KpiStream.Engine.Codecs.Fast;

/// <summary>
/// The values of keys that have few of them: words in their quotes, true, false and null, found by one multiplication and one comparison whatever
/// the value is, because which it is cannot be predicted. Immutable.
/// </summary>
internal sealed class ClosedValues
{
    public static readonly ClosedValues Native = new();

    private const int PlacesPerKey = 16;
    private const uint ThreeBytes = 0xFFFFFF;

    private readonly Entry[] entries = new Entry[Slots.Count * PlacesPerKey];
    private readonly uint factor;

    private ClosedValues()
    {
        var values = Enumerable.Range(0, CaseKeys.Count).Select(key => (CaseKey)key).Where(key => WordLayout.Holds(key) && key != CaseKey.Status)
            .SelectMany(key => TextsOf(key).Select((text, code) => (Key: key, Text: Encoding.UTF8.GetBytes(text), Code: code))).ToList();
        Array.Fill(entries, new Entry { Bytes = Vector128<byte>.AllBitsSet });
        factor = FactorFor([.. values.Select(value => (value.Key, Word(value.Text)))]);
        foreach (var (key, text, code) in values)
        {
            entries[PlaceOf((int)key, Word(text), factor)] = new Entry(text, (ulong)code << WordLayout.ShiftOf(key));
        }
    }

    /// <summary>Reads a value of a key with words or a flag.</summary>
    /// <param name="here">The value's first byte.</param>
    /// <param name="slot">The key.</param>
    /// <param name="packed">Receives the value in its place of <see cref="Registers.Packed"/>.</param>
    /// <returns>The bytes read; 0 for any other value.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Read(ref byte here, int slot, ref ulong packed)
    {
        ref readonly var entry = ref entries[PlaceOf(slot, Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref here, 1)) & ThreeBytes, factor)];
        packed |= entry.Packed;
        return (Vector128.LoadUnsafe(ref here) & entry.Mask) == entry.Bytes ? entry.Length : 0;
    }

    private static string[] TextsOf(CaseKey key) =>
        Words.Of(key) is { } words ? ["null", .. words.List.Select(word => $"\"{word}\"")] : ["null", "false", "true"];

    /// <summary>The second to fourth byte: they tell the values of a key apart.</summary>
    private static uint Word(byte[] text) => text[1] | ((uint)text[2] << 8) | ((uint)text[3] << 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int PlaceOf(int slot, uint word, uint by) => (slot * PlacesPerKey) + (int)((word * by) >> 28);

    /// <summary>The first odd factor that gives every value of a key a place of its own.</summary>
    private static uint FactorFor((CaseKey Key, uint Word)[] values)
    {
        var candidate = 0x9E3779B1u;
        while (values.DistinctBy(value => PlaceOf((int)value.Key, value.Word, candidate)).Count() < values.Length)
        {
            candidate += 2;
        }

        return candidate;
    }

    private struct Entry
    {
        public Vector128<byte> Bytes;
        public Vector128<byte> Mask;
        public ulong Packed;
        public int Length;

        public Entry(byte[] text, ulong packed)
        {
            Bytes = Vector128.Create<byte>([.. text, .. new byte[Vector128<byte>.Count - text.Length]]);
            Mask = FastText.FirstBytes(text.Length).GetLower();
            (Packed, Length) = (packed, text.Length);
        }
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Unicode;

namespace KpiStream.Engine.Codecs.Fast;

/// <summary>
/// The order in which producers write the keys of their maps, learned as <see cref="MemberPath"/> learns that of JSON. Names that are not known are never
/// remembered. Owned by one decoder.
/// </summary>
internal sealed class PackedPath
{
    private readonly Guess[] first = [.. Enumerable.Repeat(Guess.None, Slots.Count)];
    private readonly Guess[] second = [.. Enumerable.Repeat(Guess.None, Slots.Count)];

    /// <summary>What most likely stands behind a key's value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref readonly Guess After(int slot) => ref first[slot];

    /// <summary>Reads the next key where the first guess was wrong.</summary>
    /// <param name="here">The key's first byte.</param>
    /// <param name="slot">The key whose value ends there.</param>
    /// <returns>The bytes read and what the key is; no bytes for anything but a text of up to 31 bytes.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public (int Length, int Slot) Find(ref byte here, int slot)
    {
        ref readonly var other = ref second[slot];
        if (other.Stands(ref here))
        {
            return (other.Length, other.Next);
        }

        var (start, length) = PackedText.Place(ref here);
        if (start == 0 || length > PackedText.MostShort)
        {
            return default;
        }

        var name = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref here, start), length);
        var found = Slots.Of(name);
        if (found != Slots.Unknown)
        {
            second[slot] = first[slot];
            first[slot].Remember(MemoryMarshal.CreateReadOnlySpan(ref here, start + length), found);
        }

        return found != Slots.Unknown || Utf8.IsValid(name) ? (start + length, found) : default;
    }
}

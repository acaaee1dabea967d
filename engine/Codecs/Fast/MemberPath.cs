using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KpiStream.Engine.Codecs.Fast;

/// <summary>
/// The order in which producers write their keys, learned: after each key the two pieces that followed it last, names and white space as they were
/// written. What was never seen is read letter by letter and remembered. Names that are not known are never remembered. Owned by one decoder.
/// </summary>
internal sealed class MemberPath
{
    /// <summary>No legal member follows, or one that only the judge may read.</summary>
    public const int Surprise = -1;

    private readonly Guess[] first = [.. Enumerable.Repeat(Guess.None, Slots.Count)];
    private readonly Guess[] second = [.. Enumerable.Repeat(Guess.None, Slots.Count)];

    /// <summary>What most likely stands behind a key's value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref readonly Guess After(int slot) => ref first[slot];

    /// <summary>Goes to the next value where the first guess was wrong.</summary>
    /// <param name="here">The byte behind a value, or the record's first.</param>
    /// <param name="slot">The key whose value ends there.</param>
    /// <param name="isAscii">Becomes false when the name is not ASCII.</param>
    /// <returns>How far it is to the next value and what it is, <see cref="Slots.End"/> for the closing brace; or <see cref="Surprise"/> as the
    /// distance.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public (int Distance, int Slot) Find(ref byte here, int slot, ref bool isAscii)
    {
        ref readonly var other = ref second[slot];
        if (other.Stands(ref here))
        {
            return (other.Length, other.Next);
        }

        var found = Read(ref here, slot == Slots.Start ? (byte)'{' : (byte)',', ref isAscii);
        if (found.Distance is >= 0 and <= Guess.Longest && found.Slot != Slots.Unknown)
        {
            second[slot] = first[slot];
            first[slot].Remember(MemoryMarshal.CreateReadOnlySpan(ref here, found.Distance), found.Slot);
        }

        return found;
    }

    private static (int Distance, int Slot) Read(ref byte here, byte before, ref bool isAscii)
    {
        var place = SkipWhiteSpace(ref here, 0);
        var mark = Unsafe.Add(ref here, place);
        if (mark != before)
        {
            return (mark == '}' ? place + 1 : Surprise, Slots.End);
        }

        place = SkipWhiteSpace(ref here, place + 1);
        return Unsafe.Add(ref here, place) == '"' ? ReadName(ref here, place + 1, ref isAscii) : (Surprise, Slots.End);
    }

    private static (int Distance, int Slot) ReadName(ref byte here, int place, ref bool isAscii)
    {
        ref var name = ref Unsafe.Add(ref here, place);
        var length = FastText.LengthOf(ref name, TextSlots.Room, ref isAscii);
        if (length < 0)
        {
            return (Surprise, Slots.End);
        }

        place = SkipWhiteSpace(ref here, place + length + 1);
        return Unsafe.Add(ref here, place) == ':'
            ? (SkipWhiteSpace(ref here, place + 1), Slots.Of(MemoryMarshal.CreateReadOnlySpan(ref name, length)))
            : (Surprise, Slots.End);
    }

    /// <summary>The next place, counted from <paramref name="here"/>, that is no white space.</summary>
    public static int SkipWhiteSpace(ref byte here, int place)
    {
        while (Unsafe.Add(ref here, place) is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            place++;
        }

        return place;
    }
}

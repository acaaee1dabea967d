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
    public static readonly (int Position, int Slot) Surprise = (-1, Slots.End);

    private readonly Guess[] first = [.. Enumerable.Repeat(Guess.None, Slots.Count)];
    private readonly Guess[] second = [.. Enumerable.Repeat(Guess.None, Slots.Count)];

    /// <summary>What most likely stands behind a key's value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref readonly Guess After(int slot) => ref first[slot];

    /// <summary>Goes to the next value where the first guess was wrong.</summary>
    /// <param name="start">The record's first byte.</param>
    /// <param name="position">The place behind a value, or the record's first byte.</param>
    /// <param name="slot">The key whose value ends there.</param>
    /// <param name="isAscii">Becomes false when the name is not ASCII.</param>
    /// <returns>Where the next value begins and what it is, <see cref="Slots.End"/> for the closing brace; or <see cref="Surprise"/>.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public (int Position, int Slot) Find(ref byte start, int position, int slot, ref bool isAscii)
    {
        ref readonly var other = ref second[slot];
        if (other.Stands(ref Unsafe.Add(ref start, position)))
        {
            return (position + other.Length, other.Next);
        }

        var found = Read(ref start, position, slot == Slots.Start ? (byte)'{' : (byte)',', ref isAscii);
        if (found.Position >= 0 && found.Slot != Slots.Unknown && found.Position - position <= Guess.Longest)
        {
            second[slot] = first[slot];
            first[slot].Remember(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref start, position), found.Position - position), found.Slot);
        }

        return found;
    }

    private static (int Position, int Slot) Read(ref byte start, int position, byte before, ref bool isAscii)
    {
        position = SkipWhiteSpace(ref start, position);
        var mark = Unsafe.Add(ref start, position);
        if (mark != before)
        {
            return mark == '}' ? (position + 1, Slots.End) : Surprise;
        }

        position = SkipWhiteSpace(ref start, position + 1);
        return Unsafe.Add(ref start, position) == '"' ? ReadName(ref start, position + 1, ref isAscii) : Surprise;
    }

    private static (int Position, int Slot) ReadName(ref byte start, int position, ref bool isAscii)
    {
        ref var name = ref Unsafe.Add(ref start, position);
        var length = FastText.LengthOf(ref name, TextSlots.Room, ref isAscii);
        if (length < 0)
        {
            return Surprise;
        }

        position = SkipWhiteSpace(ref start, position + length + 1);
        return Unsafe.Add(ref start, position) == ':'
            ? (SkipWhiteSpace(ref start, position + 1), Slots.Of(MemoryMarshal.CreateReadOnlySpan(ref name, length)))
            : Surprise;
    }

    /// <summary>The next place that is no white space.</summary>
    public static int SkipWhiteSpace(ref byte start, int position)
    {
        while (Unsafe.Add(ref start, position) is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            position++;
        }

        return position;
    }
}

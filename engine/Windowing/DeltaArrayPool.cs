using System.Numerics;
using System.Runtime.CompilerServices;

namespace KpiStream.Engine.Windowing;

/// <summary>Arrays for pages of deltas, 8 at least and then powers of two, used again by pages to come. Never more than were in use at once.</summary>
internal sealed class DeltaArrayPool
{
    private const int LeastBits = 3;

    private readonly Stack<Delta[]>?[] spare = new Stack<Delta[]>?[32];

    /// <summary>The memory of all arrays, in use and spare, bytes.</summary>
    public long Bytes { get; private set; }

    /// <summary>An array with room for this many; what it holds is nobody's.</summary>
    public Delta[] Rent(int atLeast)
    {
        var bits = Math.Max(LeastBits, 32 - BitOperations.LeadingZeroCount((uint)atLeast - 1));
        if (spare[bits] is { } free && free.TryPop(out var used))
        {
            return used;
        }

        Bytes += (long)Unsafe.SizeOf<Delta>() << bits;
        return new Delta[1 << bits];
    }

    public void Return(Delta[] room) => (spare[BitOperations.Log2((uint)room.Length)] ??= []).Push(room);
}

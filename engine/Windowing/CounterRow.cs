using System.Numerics;

namespace KpiStream.Engine.Windowing;

/// <summary>Rows of counters are added by vectors: pasts and boards add up some hundred thousand of them.</summary>
internal static class CounterRow
{
    /// <summary>Adds to each counter the one at the same place.</summary>
    /// <param name="row">At least as long as what is added.</param>
    public static void Add<T>(Span<T> row, ReadOnlySpan<T> more)
        where T : struct, IAdditionOperators<T, T, T>
    {
        var i = 0;
        for (; i <= more.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            (new Vector<T>(row[i..]) + new Vector<T>(more[i..])).CopyTo(row[i..]);
        }

        for (; i < more.Length; i++)
        {
            row[i] += more[i];
        }
    }
}

using System.Runtime.CompilerServices;

namespace KpiStream.Engine.Cases;

/// <summary>
/// Plain values in pages that never move, rented and given back by number. Bound: what is rented at once. Owned by one shard.
/// </summary>
/// <typeparam name="T">A struct of plain fields.</typeparam>
public sealed class PagedPool<T>
    where T : struct
{
    private const int PageBits = 8;
    private const int PageSize = 1 << PageBits;

    private readonly List<T[]> pages = [];
    private readonly Stack<int> free = new();
    private int used;

    /// <summary>Values rented.</summary>
    public int Count => used - free.Count;

    /// <summary>The memory of the pages and of the list of free places, bytes.</summary>
    public long Bytes => ((long)pages.Count * PageSize * Unsafe.SizeOf<T>()) + (free.Capacity * sizeof(int));

    /// <summary>A rented value; the reference stays good until it is given back.</summary>
    public ref T this[int number] => ref pages[(number - 1) >> PageBits][(number - 1) & (PageSize - 1)];

    /// <summary>Rents a place for a value; its number is never 0.</summary>
    public int Rent(in T value)
    {
        if (!free.TryPop(out var number))
        {
            if (used % PageSize == 0)
            {
                pages.Add(new T[PageSize]);
            }

            number = ++used;
        }

        this[number] = value;
        return number;
    }

    public void Return(int number) => free.Push(number);
}

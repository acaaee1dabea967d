namespace KpiStream.Ingest.Sources.Generation;

/// <summary>Room for things referred to by small numbers; places given back are used again, so nothing is left for the collector.</summary>
internal sealed class SlotPool<T>
{
    private readonly Stack<int> free = new();
    private T[] slots = new T[1024];
    private int used;

    /// <summary>Places in use.</summary>
    public int Count => used - free.Count;

    /// <summary>The thing at a place; the reference is good until the next <see cref="Rent"/>.</summary>
    public ref T this[int slot] => ref slots[slot];

    /// <summary>A free place; what it holds is left over from before.</summary>
    public int Rent()
    {
        if (free.TryPop(out var slot))
        {
            return slot;
        }

        if (used == slots.Length)
        {
            Array.Resize(ref slots, slots.Length * 2);
        }

        return used++;
    }

    public void Return(int slot) => free.Push(slot);
}

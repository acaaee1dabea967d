using KpiStream.Engine.Events;

namespace KpiStream.Engine.Cases;

/// <summary>
/// The stamps of cases whose registers were stated at different times: one block of <see cref="CaseKeys.Count"/> stamps per such case.
/// Blocks are reused when a case's registers agree again. Owned by the case table's shard.
/// </summary>
public sealed class MixedStamps
{
    private const int BlocksPerPage = 256;

    private readonly List<Stamp[]> pages = [];
    private readonly Stack<int> free = new();
    private int used;

    /// <summary>Blocks in use.</summary>
    public int Count => used - free.Count;

    /// <summary>A block whose stamps all have the value given; its number is never 0.</summary>
    public int Rent(Stamp stamp)
    {
        if (!free.TryPop(out var block))
        {
            if (used % BlocksPerPage == 0)
            {
                pages.Add(new Stamp[BlocksPerPage * CaseKeys.Count]);
            }

            block = ++used;
        }

        Of(block).Fill(stamp);
        return block;
    }

    public void Return(int block) => free.Push(block);

    /// <summary>A block's stamps by <see cref="CaseKey"/>.</summary>
    public Span<Stamp> Of(int block)
    {
        var index = block - 1;
        return pages[index / BlocksPerPage].AsSpan(index % BlocksPerPage * CaseKeys.Count, CaseKeys.Count);
    }
}

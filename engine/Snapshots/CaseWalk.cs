using KpiStream.Engine.Cases;

namespace KpiStream.Engine.Snapshots;

/// <summary>
/// Copies all cases of a table as they were at one moment, a slice at a time, while the table continues changing: a case about to change that has not been
/// copied yet is copied first. Holds a bit for each case, and slices waiting to be fetched up to <see cref="MostWaiting"/>. Owned by the table's shard.
/// </summary>
/// <param name="cases">The table; the moment is now.</param>
public sealed class CaseWalk(CaseTable cases)
{
    /// <summary>Slices that may wait, 64 MB: a second of changes at full speed. A reader slower than that gets no snapshot.</summary>
    public const int MostWaiting = 1024;

    /// <summary>Cases looked at for one slice: most may have been copied before they changed.</summary>
    private const int MostLookedAt = 4096;

    private readonly int end = cases.Count;
    private readonly ulong[] copied = new ulong[(cases.Count + 63) / 64];
    private readonly Queue<SnapshotSlice> full = new();
    private SnapshotSlice filling = new();
    private int next;

    /// <summary>Cases there were at the moment.</summary>
    public int Count => end;

    /// <summary>True when the slices waiting were too many; then nothing more is copied, and what was is not all.</summary>
    public bool IsAbandoned { get; private set; }

    /// <summary>To be told of every case before it changes.</summary>
    public void Keep(int number, in CaseRecord record)
    {
        if (number >= next && number < end && !IsAbandoned && !WasCopied(number))
        {
            copied[number >> 6] |= 1UL << (number & 63);
            Add(in record);
        }
    }

    /// <summary>The next slice; null when there are no more.</summary>
    public SnapshotSlice? Take()
    {
        if (full.TryDequeue(out var waiting))
        {
            return waiting;
        }

        for (var looked = 0; next < end && looked < MostLookedAt && !filling.IsFull; looked++, next++)
        {
            if (!WasCopied(next))
            {
                cases.Read(next, out var record);
                filling.Add(in record, cases.Layers);
            }
        }

        if (filling.Cases == 0 && next == end)
        {
            return null;
        }

        var taken = filling;
        filling = new SnapshotSlice();
        return taken;
    }

    /// <summary>Gives back what is held.</summary>
    public void End()
    {
        while (full.TryDequeue(out var slice))
        {
            slice.Return();
        }

        filling.Return();
    }

    private bool WasCopied(int number) => (copied[number >> 6] & (1UL << (number & 63))) != 0;

    private void Add(in CaseRecord record)
    {
        if (filling.IsFull)
        {
            full.Enqueue(filling);
            filling = new SnapshotSlice();
            IsAbandoned = full.Count > MostWaiting;
        }

        filling.Add(in record, cases.Layers);
    }
}

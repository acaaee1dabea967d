namespace KpiStream.Ingest.Tests.Simulation;

/// <summary>A file without its name: what a process sees of it, what is on disk, and the changes between the two.</summary>
internal sealed class SimulatedFile
{
    private readonly SimulatedBytes seen = new();
    private readonly SimulatedBytes lasting = new();
    private readonly List<Change> unsynced = [];

    private bool hasFailed;

    public int Length => seen.Length;

    /// <summary>True once it was damaged where it lay.</summary>
    public bool IsDamaged { get; private set; }

    public ReadOnlySpan<byte> Seen => seen.Span;

    public void Write(ReadOnlySpan<byte> bytes, int at)
    {
        unsynced.Add(new Change(bytes.ToArray(), at));
        seen.Write(bytes, at);
    }

    public void Cut(int length)
    {
        unsynced.Add(new Change(null, length));
        seen.Cut(length);
    }

    public void Sync()
    {
        unsynced.ForEach(change => change.Apply(lasting, change.Bytes?.Length ?? 0));
        unsynced.Clear();
    }

    /// <summary>
    /// Flushing failed, and as with Linux what was to be flushed counts as flushed afterwards: it can be read until it is forgotten, and another flush that
    /// succeeds says nothing of it.
    /// </summary>
    public void FailSync()
    {
        unsynced.Clear();
        hasFailed = true;
    }

    /// <summary>A process has ended: what it read although it never came onto disk is forgotten.</summary>
    public void Forget()
    {
        if (hasFailed)
        {
            CutPower(Survival.Everything, Random.Shared);
        }
    }

    public void CutPower(Survival survival, Random random)
    {
        foreach (var (index, change) in unsynced.Index())
        {
            if (Share(survival, index == unsynced.Count - 1, random) is > 0 and var share)
            {
                change.Apply(lasting, (change.Bytes?.Length ?? 0) * share / 2);
            }
        }

        unsynced.Clear();
        seen.Become(lasting);
        hasFailed = false;
    }

    /// <summary>Damages what is on disk: a bit, or everything from some place on.</summary>
    public void Damage(Random random)
    {
        if (seen.Length > 0 && lasting.Length == seen.Length)
        {
            var (at, mask) = (random.Next(seen.Length), (byte)(1 << random.Next(8)));
            if (random.Next(4) == 0)
            {
                lasting.Cut(at);
                seen.Cut(at);
            }
            else
            {
                seen.Flip(at, mask);
                lasting.Flip(at, mask);
            }

            IsDamaged = true;
        }
    }

    /// <summary>How many halves of a change are there after a power cut.</summary>
    private static int Share(Survival survival, bool isLast, Random random) => survival switch
    {
        Survival.Nothing => 0,
        Survival.Everything => 2,
        Survival.Torn => isLast ? 1 : 2,
        _ => random.Next(3),
    };

    /// <param name="Bytes">What was written; null for a new length.</param>
    /// <param name="At">Where, or the new length.</param>
    private sealed record Change(byte[]? Bytes, int At)
    {
        public void Apply(SimulatedBytes to, int bytes)
        {
            if (Bytes is null)
            {
                to.Cut(At);
            }
            else
            {
                to.Write(Bytes.AsSpan(0, bytes), At);
            }
        }
    }
}

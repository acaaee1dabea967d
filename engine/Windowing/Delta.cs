namespace KpiStream.Engine.Windowing;

/// <summary>Something counted in a unit at a second of a page: 16 bytes. The log's reader gives the word its meaning.</summary>
/// <param name="Second">Since the page's first, 0 to 899.</param>
/// <param name="Unit">Code id.</param>
/// <param name="Word">For contributions: the number of a <see cref="Kpis.LaneSets">set of lanes</see>; for deadlines: the millisecond within the
/// second.</param>
/// <param name="Count">How many were applied less how many were retracted.</param>
public readonly record struct Delta(int Second, int Unit, int Word, int Count) : IComparable<Delta>
{
    // None of the three is ever below 0, and a second needs ten bits.
    private UInt128 Order => new((uint)Second, ((ulong)(uint)Unit << 32) | (uint)Word);

    /// <summary>By second, unit and word; the count has no say.</summary>
    public int CompareTo(Delta other) => Order.CompareTo(other.Order);

    /// <summary>True when <see cref="CompareTo"/> is below 0.</summary>
    public bool IsBefore(in Delta other) => Order < other.Order;

    /// <summary>True for what is counted in the same unit at the same second under the same word.</summary>
    public bool IsLike(in Delta other) => ((Second ^ other.Second) | (Unit ^ other.Unit) | (Word ^ other.Word)) == 0;
}

/// <summary>Receives the deltas of a stretch of time, in no particular order; of equal ones there may be several, to be added up.</summary>
public interface IDeltaVisitor
{
    /// <param name="start">The first second of the delta's page, since 1970 UTC.</param>
    /// <param name="delta">Good until this returns.</param>
    void Visit(long start, in Delta delta);
}

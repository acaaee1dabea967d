namespace KpiStream.Engine.Events;

/// <summary>When a fact was recorded: greater <see cref="At"/> wins, then greater <see cref="Seq"/>.</summary>
/// <param name="At">Milliseconds since 1970 UTC.</param>
/// <param name="Seq">Order among events of equal <paramref name="At"/>, at least 0.</param>
public readonly record struct Stamp(long At, long Seq) : IComparable<Stamp>
{
    public int CompareTo(Stamp other)
    {
        var byTime = At.CompareTo(other.At);
        return byTime != 0 ? byTime : Seq.CompareTo(other.Seq);
    }

    public static bool operator >(Stamp left, Stamp right) => left.CompareTo(right) > 0;

    public static bool operator <(Stamp left, Stamp right) => left.CompareTo(right) < 0;

    public static bool operator >=(Stamp left, Stamp right) => left.CompareTo(right) >= 0;

    public static bool operator <=(Stamp left, Stamp right) => left.CompareTo(right) <= 0;
}

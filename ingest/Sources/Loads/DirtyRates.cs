namespace KpiStream.Ingest.Sources.Loads;

/// <summary>What is done to an event on its way.</summary>
public enum Dirt
{
    None,

    /// <summary>Its bytes end in the middle.</summary>
    Malformed,

    /// <summary>It is sent twice, the second time later.</summary>
    Duplicate,

    /// <summary>It is sent more than a day later than it was recorded.</summary>
    Late,

    /// <summary>It states a moment that lies ahead.</summary>
    Future,

    /// <summary>It is longer than records may be.</summary>
    Huge,
}

/// <summary>How many of a million events each kind of dirt befalls, at most one kind an event.</summary>
public sealed record DirtyRates(int Malformed, int Duplicate, int Late, int Future, int Huge)
{
    public const int Whole = 1_000_000;

    public static readonly DirtyRates None = new(0, 0, 0, 0, 0);

    public int Sum => Malformed + Duplicate + Late + Future + Huge;

    /// <summary>Which kind a number from 0 to below <see cref="Whole"/> draws.</summary>
    public Dirt Of(long drawn)
    {
        foreach (var (rate, dirt) in ((int, Dirt)[])[
            (Malformed, Dirt.Malformed), (Duplicate, Dirt.Duplicate), (Late, Dirt.Late), (Future, Dirt.Future), (Huge, Dirt.Huge)])
        {
            if (drawn < rate)
            {
                return dirt;
            }

            drawn -= rate;
        }

        return Dirt.None;
    }
}

/// <summary>Draws the dirt of one stream, event by event. The same seed draws the same. Owned by one flow.</summary>
public sealed class DirtDraw(DirtyRates rates, ulong seed)
{
    private Generation.SeededRandom random = new(seed);

    public Dirt Next() => rates.Sum == 0 ? Dirt.None : rates.Of(random.Below(DirtyRates.Whole));
}

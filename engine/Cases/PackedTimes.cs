namespace KpiStream.Engine.Cases;

/// <summary>
/// The first times besides acceptance in two words of 45 bits: 42 for the instant, three for what it is the first of. Of the five statuses a case hardly
/// ever meets more than two: a result that is ready and returned, or a refusal, a withdrawal or a stop.
/// </summary>
internal static class PackedTimes
{
    /// <summary>The bits of a word that are used.</summary>
    public const int Bits = TimeBits + 3;

    public const ulong Mask = (1UL << Bits) - 1;

    private const int TimeBits = 42;
    private const ulong TimeMask = (1UL << TimeBits) - 1;

    // What a word is the first of unless it says something else: the result ready in one, returned in the other.
    private const ulong Refused = 1UL << TimeBits, Withdrawn = 2UL << TimeBits, Stopped = 3UL << TimeBits;

    /// <summary>False when there are more than two; then the words are of no use.</summary>
    public static bool TryPack(in FirstTimes first, out ulong one, out ulong two)
    {
        (one, two) = ((ulong)first.ResultReady, (ulong)first.ResultReturned);
        return (first.Refused | first.Withdrawn | first.Stopped) == 0
            || (TryAdd(first.Refused, Refused, ref one, ref two) & TryAdd(first.Withdrawn, Withdrawn, ref one, ref two)
                & TryAdd(first.Stopped, Stopped, ref one, ref two));
    }

    /// <summary>Gives back what was packed, beside the acceptance.</summary>
    public static void Unpack(ulong one, ulong two, ref FirstTimes first)
    {
        if (((one | two) >> TimeBits) == 0)
        {
            (first.ResultReady, first.ResultReturned) = ((long)one, (long)two);
            return;
        }

        PlaceOf(one, ref first, ref first.ResultReady) = (long)(one & TimeMask);
        PlaceOf(two, ref first, ref first.ResultReturned) = (long)(two & TimeMask);
    }

    private static bool TryAdd(long time, ulong kind, ref ulong one, ref ulong two)
    {
        if (time == 0)
        {
            return true;
        }

        ref var room = ref one == 0 ? ref one : ref two;
        if (room != 0)
        {
            return false;
        }

        room = (ulong)time | kind;
        return true;
    }

    private static ref long PlaceOf(ulong word, ref FirstTimes first, ref long usual)
    {
        switch (word & ~TimeMask)
        {
            case Refused: return ref first.Refused;
            case Withdrawn: return ref first.Withdrawn;
            case Stopped: return ref first.Stopped;
            default: return ref usual;
        }
    }
}

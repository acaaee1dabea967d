namespace KpiStream.Engine.Cases;

/// <summary>
/// A case as it is held: 96 bytes, a line and a half of cache. An instant needs 42 bits until the year 2109, so each of eight words has an instant
/// and 22 bits of something else. What does not fit stands beside it: a parent, code ids beyond the room here and a fourth first time besides acceptance in a
/// <see cref="CaseExtra"/>, a <c>seq</c> of 22 bits or more in a layer of its own. Nothing is ever cut off.
/// </summary>
public struct CaseSlot
{
    /// <summary>The bytes of a slot.</summary>
    public const int Size = 96;

    private const int TimeBits = 42;
    private const ulong TimeMask = (1UL << TimeBits) - 1;
    private const int SideBits = 64 - TimeBits;
    private const uint SideMask = (1u << SideBits) - 1;

    // A first time has three bits for what it is the first of, so that 19 are left, twice: for the fee but its two highest bits.
    private const int RestShift = PackedTimes.Bits;
    private const int RestBits = 64 - RestShift;
    private const uint RestMask = (1u << RestBits) - 1;

    private const int FeeBits = 40;
    private const ulong PackedMask = (1UL << WordLayout.Bits) - 1;

    // Which registers were ever stated: 22 bits above the words, the other ten beside the first acceptance, which leaves twelve to the source. The case
    // and at, keys 1 and 2, are no registers: in their places stand the fee's two highest bits.
    private const int StatedShift = WordLayout.Bits;
    private const int LowKeys = 64 - StatedShift;
    private const uint LowRegisters = CaseKeys.Registers & ((1u << LowKeys) - 1);
    private const uint HighKeysMask = (1u << (CaseKeys.Count - LowKeys)) - 1;
    private const int FeeTopShift = StatedShift + (int)CaseKey.Case;
    private const uint FeeTopMask = (1u << (FeeBits - (2 * RestBits))) - 1;
    private const int SourceShift = TimeBits + CaseKeys.Count - LowKeys;
    private const uint SourceMask = (1u << (64 - SourceShift)) - 1;

    public CaseId Id;

    /// <summary>Where what does not fit stands; 0 for nowhere.</summary>
    public int Extra;

    /// <summary>The older stamps, after the newest if that one's <c>seq</c> does not fit; 0 for none.</summary>
    public int Layers;

    private ulong stamp, words, filed, accepted, due, ended, firstAccepted, first, second;

    /// <summary>Something of both its lines, to have them fetched.</summary>
    public readonly ulong Touched => Id.Lo + second;

    /// <summary>True when the newest stamp is the first of <see cref="Layers"/>.</summary>
    public readonly bool HasWideStamp => (stamp & SideMask) == SideMask;

    /// <summary>True when a <c>seq</c> needs a layer.</summary>
    public static bool IsWide(Stamp stamp) => stamp.Seq >= SideMask;

    /// <summary>Takes over everything of a record that has room here; false when the rest must stand in a <see cref="CaseExtra"/>.</summary>
    /// <exception cref="InvalidOperationException">An instant, a fee, a word or a key is outside of what the contract allows; nothing was changed.</exception>
    public bool Put(in CaseRecord record)
    {
        ref readonly var values = ref record.Values;
        if ((((ulong)(values.Filed | values.Accepted | values.Due | values.Ended | record.Stamp.At) >> TimeBits) | ((ulong)values.FeePlusOne >> FeeBits)
            | (values.Packed & ~PackedMask) | (record.Stated & ~CaseKeys.Registers)) != 0)
        {
            throw new InvalidOperationException("A case has an instant, a fee, a word or a key outside of the contract's ranges: a decoder let it pass.");
        }

        var fee = (ulong)values.FeePlusOne;
        stamp = ((ulong)record.Stamp.At << SideBits) | (ulong)Math.Min(record.Stamp.Seq, SideMask);
        words = values.Packed | ((ulong)record.Stated << StatedShift) | ((fee >> (2 * RestBits)) << FeeTopShift);
        filed = Joined(values.Filed, (uint)values.Procedure);
        accepted = Joined(values.Accepted, (uint)values.Receiving);
        due = Joined(values.Due, (uint)values.Handling);
        ended = Joined(values.Ended, (uint)values.Field);
        var hasRoom = PackedTimes.TryPack(in record.First, out first, out second);
        firstAccepted = Joined(record.First.Accepted, record.Stated >> LowKeys) | ((ulong)(uint)values.Source << SourceShift);
        first |= (fee & RestMask) << RestShift;
        second |= (fee >> RestBits) << RestShift;
        return hasRoom & ((uint)(values.Procedure | values.Field | values.Receiving | values.Handling) <= SideMask) & ((uint)values.Source <= SourceMask)
            & (values.Parent == default);
    }

    /// <summary>Gives back what <see cref="Put"/> took.</summary>
    public readonly void Get(out CaseRecord record)
    {
        record = default;
        record.Id = Id;
        record.Stamp = new Stamp((long)(stamp >> SideBits), (long)(stamp & SideMask));
        record.Stated = ((uint)(words >> StatedShift) & LowRegisters) | (((uint)(firstAccepted >> TimeBits) & HighKeysMask) << LowKeys);
        ref var values = ref record.Values;
        values.Packed = words & PackedMask;
        values.Filed = Time(filed);
        values.Procedure = (int)(filed >> TimeBits);
        values.Accepted = Time(accepted);
        values.Receiving = (int)(accepted >> TimeBits);
        values.Due = Time(due);
        values.Handling = (int)(due >> TimeBits);
        values.Ended = Time(ended);
        values.Field = (int)(ended >> TimeBits);
        values.Source = (int)(firstAccepted >> SourceShift);
        values.FeePlusOne = (long)((first >> RestShift) | ((second >> RestShift) << RestBits) | (((words >> FeeTopShift) & FeeTopMask) << (2 * RestBits)));
        record.First.Accepted = Time(firstAccepted);
        PackedTimes.Unpack(first & PackedTimes.Mask, second & PackedTimes.Mask, ref record.First);
    }

    private static ulong Joined(long time, uint side) => (ulong)time | ((ulong)side << TimeBits);

    private static long Time(ulong word) => (long)(word & TimeMask);
}

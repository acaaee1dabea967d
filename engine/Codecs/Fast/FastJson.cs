using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Unicode;

namespace KpiStream.Engine.Codecs.Fast;

/// <summary>
/// Reads native JSON events that hold no surprise, and only accepts: what it is not sure of it leaves to the judge, which alone rejects. What it
/// accepts the judge would accept too, with the same event in every bit. Owned by one decoder.
/// </summary>
/// <param name="codes">Where codes are interned.</param>
/// <param name="naming">Turns case codes into pseudonyms.</param>
/// <param name="limits">The settings records are judged under.</param>
internal sealed class FastJson(CodeBook codes, PseudonymKey naming, DecodeLimits limits)
{
    private const int NullLength = 4;
    private const long MaxFee = 1_000_000_000_000;

    private readonly PaddedRecord padded = new();
    private readonly MemberPath path = new();
    private readonly TextCodes texts = new(codes);

    // Of the record under way.
    private long at;
    private long seq;
    private bool isAscii;

    private UsualLength caseLength;

    /// <summary>
    /// False where it would be wrong, because words are read least byte first; and where vectors are emulated, because it would be slower than the judge.
    /// </summary>
    public static bool IsSupported => BitConverter.IsLittleEndian && Vector128.IsHardwareAccelerated;

    /// <summary>Learns from an event that the judge accepted.</summary>
    public void Learn(in CaseEvent accepted) => texts.Trust(accepted.Values.Source);

    /// <summary>Reads a record; false when it has to go to the judge.</summary>
    /// <param name="arrival">As in <see cref="IEventDecoder.Decode"/>.</param>
    /// <param name="decoded">The event when true; undefined otherwise.</param>
    public bool TryDecode(ReadOnlySpan<byte> record, long arrival, out CaseEvent decoded)
    {
        decoded = default;
        if (record.Length > PaddedRecord.Longest)
        {
            return false;
        }

        texts.Clear();
        (at, seq, isAscii) = (0, 0, true);
        var end = TryMembers(ref padded.Take(record), ref decoded);
        if (end != record.Length || limits.IsFromTheFuture(at, arrival) || !(isAscii || Utf8.IsValid(record)))
        {
            return false;
        }

        decoded.Stamp = new Stamp(at, seq);
        texts.Intern(padded, ref decoded.Values);
        return true;
    }

    /// <summary>Reads all members; the place where white space behind the closing brace ends, or -1 for a surprise.</summary>
    private int TryMembers(ref byte start, ref CaseEvent decoded)
    {
        // Everything that each member needs stands in registers: what single keys need is behind the call.
        ref var here = ref start;
        var (slot, seen, packed) = (Slots.Start, 0ul, 0ul);
        while (true)
        {
            ref readonly var guess = ref path.After(slot);
            if (guess.Stands(ref here))
            {
                here = ref Unsafe.Add(ref here, (nint)guess.Length);
                slot = guess.Next;
            }
            else
            {
                (var distance, slot) = path.Find(ref here, slot, ref isAscii);
                if (distance == MemberPath.Surprise)
                {
                    return -1;
                }

                here = ref Unsafe.Add(ref here, (nint)distance);
            }

            int read;
            if (ClosedValues.Has(slot))
            {
                read = ClosedValues.Read(ref here, slot, ref packed);
            }
            else if (slot != Slots.End)
            {
                read = ReadOpen(ref here, slot, ref decoded);
            }
            else
            {
                decoded.Values.Packed |= packed;
                decoded.Stated = (uint)seen & CaseKeys.Registers;
                return (seen & CaseKeys.Required) == CaseKeys.Required ? MemberPath.SkipWhiteSpace(ref start, padded.PlaceOf(ref here)) : -1;
            }

            if (read == 0 || (seen & Slots.Once & (1UL << slot)) != 0)
            {
                return -1;
            }

            seen |= 1UL << slot;
            here = ref Unsafe.Add(ref here, (nint)(uint)read);
        }
    }

    /// <summary>Reads the value of a key that has endless many; the bytes read, 0 for a surprise.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int ReadOpen(ref byte here, int slot, ref CaseEvent decoded)
    {
        ref var values = ref decoded.Values;
        return slot switch
        {
            (int)CaseKey.Source => texts.ReadSource(ref here, out values.Source),
            (int)CaseKey.Case => ReadCase(ref here, out decoded.Case),
            (int)CaseKey.At => FastInstant.Read(ref here, out at),
            (int)CaseKey.Seq => FastNumber.Read(ref here, out seq),
            (int)CaseKey.Status => ReadStatus(ref here, ref values),
            (int)CaseKey.Procedure => texts.Read(ref here, CaseKey.Procedure, padded, out values.Procedure, ref isAscii),
            (int)CaseKey.Field => texts.Read(ref here, CaseKey.Field, padded, out values.Field, ref isAscii),
            (int)CaseKey.Receiving => texts.Read(ref here, CaseKey.Receiving, padded, out values.Receiving, ref isAscii),
            (int)CaseKey.Handling => texts.Read(ref here, CaseKey.Handling, padded, out values.Handling, ref isAscii),
            (int)CaseKey.Filed => ReadInstant(ref here, out values.Filed),
            (int)CaseKey.Accepted => ReadInstant(ref here, out values.Accepted),
            (int)CaseKey.Due => ReadInstant(ref here, out values.Due),
            (int)CaseKey.Ended => ReadInstant(ref here, out values.Ended),
            (int)CaseKey.Fee => ReadFee(ref here, out values.FeePlusOne),
            (int)CaseKey.Parent => IsNull(ref here) ? NullLength : ReadCase(ref here, out values.Parent),
            Slots.Version => here == '1' ? 1 : 0,
            _ => SkippedValue.LengthOf(ref here, padded.From(ref here), ref isAscii),
        };
    }

    private int ReadCase(ref byte here, out CaseId id)
    {
        id = default;
        var length = here == '"' ? FastText.LengthOf(ref Unsafe.Add(ref here, 1), TextSlots.Room, ref isAscii) : 0;
        return length > 0 && naming.TryName(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref here, 1), length), out id)
            ? caseLength.Of(length) + 2
            : 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int ReadInstant(ref byte here, out long millis)
    {
        millis = 0;
        return IsNull(ref here) ? NullLength : FastInstant.Read(ref here, out millis);
    }

    private static int ReadFee(ref byte here, out long feePlusOne)
    {
        var read = FastNumber.Read(ref here, out var fee);
        feePlusOne = read == 0 ? 0 : fee + 1;
        return read == 0 && IsNull(ref here) ? NullLength : fee > MaxFee ? 0 : read;
    }

    /// <summary>One or two digits without a branch between them: which it is cannot be predicted.</summary>
    private static int ReadStatus(ref byte here, ref Registers values)
    {
        var (first, second) = ((uint)here - '0', (uint)Unsafe.Add(ref here, 1) - '0');
        var hasTwo = second <= 9;
        var status = hasTwo ? (first * 10) + second : first;
        if (first is < 1 or > 9 || status > 10)
        {
            return IsNull(ref here) ? NullLength : 0;
        }

        values.Packed |= (ulong)status << WordLayout.ShiftOf(CaseKey.Status);
        return hasTwo ? 2 : 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsNull(ref byte here) => Unsafe.ReadUnaligned<uint>(ref here) == BitConverter.ToUInt32("null"u8);
}

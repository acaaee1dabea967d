using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Unicode;
using KpiStream.Engine.Events;

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
    private const long MaxFee = 1_000_000_000_000;

    private readonly PaddedRecord padded = new();
    private readonly MemberPath path = new();
    private readonly TextCodes texts = new(codes);
    private readonly ClosedValues closed = ClosedValues.Native;

    /// <summary>False where it would be wrong: numbers are read eight bytes at once, least first.</summary>
    public static bool IsSupported => BitConverter.IsLittleEndian;

    /// <summary>Learns from an event that the judge accepted.</summary>
    public void Learn(in CaseEvent accepted) => texts.Trust(accepted.Values.Source);

    /// <summary>Reads a record; false when it has to go to the judge.</summary>
    /// <param name="record">The record.</param>
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
        ref var start = ref padded.Take(record);
        if (!TryMembers(ref start, record, ref decoded)
            || (arrival != DecodeLimits.UnknownArrival && decoded.Stamp.At > arrival + limits.FutureTolerance))
        {
            return false;
        }

        texts.Intern(padded, ref decoded.Values);
        return true;
    }

    private bool TryMembers(ref byte start, ReadOnlySpan<byte> record, ref CaseEvent decoded)
    {
        var (position, slot, seen, packed) = (0, Slots.Start, 0u, 0ul);
        var (at, seq, isAscii) = (0L, 0L, true);
        while (true)
        {
            ref readonly var guess = ref path.After(slot);
            if (guess.Stands(ref Unsafe.Add(ref start, position)))
            {
                (position, slot) = (position + guess.Length, guess.Next);
            }
            else
            {
                (position, slot) = path.Find(ref start, position, slot, ref isAscii);
            }

            if (slot == Slots.End)
            {
                break;
            }

            ref var here = ref Unsafe.Add(ref start, position);
            int read;
            switch (slot)
            {
                case (int)CaseKey.Source:
                    read = texts.ReadSource(ref here, out decoded.Values.Source);
                    break;
                case (int)CaseKey.Case:
                    read = ReadCase(ref here, ref isAscii, out decoded.Case);
                    break;
                case (int)CaseKey.Parent:
                    read = ReadParent(ref here, ref isAscii, out decoded.Values.Parent);
                    break;
                case (int)CaseKey.At:
                    read = FastInstant.Read(ref here, out at);
                    break;
                case (int)CaseKey.Filed:
                    read = ReadInstant(ref here, out decoded.Values.Filed);
                    break;
                case (int)CaseKey.Accepted:
                    read = ReadInstant(ref here, out decoded.Values.Accepted);
                    break;
                case (int)CaseKey.Due:
                    read = ReadInstant(ref here, out decoded.Values.Due);
                    break;
                case (int)CaseKey.Ended:
                    read = ReadInstant(ref here, out decoded.Values.Ended);
                    break;
                case (int)CaseKey.Procedure:
                    read = texts.Read(ref start, position, CaseKey.Procedure, out decoded.Values.Procedure, ref isAscii);
                    break;
                case (int)CaseKey.Field:
                    read = texts.Read(ref start, position, CaseKey.Field, out decoded.Values.Field, ref isAscii);
                    break;
                case (int)CaseKey.Receiving:
                    read = texts.Read(ref start, position, CaseKey.Receiving, out decoded.Values.Receiving, ref isAscii);
                    break;
                case (int)CaseKey.Handling:
                    read = texts.Read(ref start, position, CaseKey.Handling, out decoded.Values.Handling, ref isAscii);
                    break;
                case (int)CaseKey.Seq:
                    read = FastNumber.Read(ref here, out seq);
                    break;
                case (int)CaseKey.Fee:
                    read = ReadFee(ref here, out decoded.Values.FeePlusOne);
                    break;
                case (int)CaseKey.Status:
                    read = ReadStatus(ref here, out var status);
                    packed |= (ulong)status << WordLayout.ShiftOf(CaseKey.Status);
                    break;
                case Slots.Version:
                    read = here == '1' ? 1 : 0;
                    break;
                case Slots.Unknown:
                    read = SkippedValue.LengthOf(ref here, record[position..], ref isAscii);
                    break;
                default:
                    read = closed.Read(ref here, slot, ref packed);
                    break;
            }

            var bit = 1u << slot;
            if (read == 0 || (seen & bit & Slots.Once) != 0)
            {
                return false;
            }

            seen |= bit;
            position += read;
        }

        if (position < 0 || MemberPath.SkipWhiteSpace(ref start, position) != record.Length || (seen & CaseKeys.Required) != CaseKeys.Required)
        {
            return false;
        }

        decoded.Stamp = new Stamp(at, seq);
        decoded.Stated = seen & CaseKeys.Registers;
        decoded.Values.Packed = packed;
        return isAscii || Utf8.IsValid(record);
    }

    private int ReadCase(ref byte here, ref bool isAscii, out CaseId id)
    {
        id = default;
        var length = here == '"' ? FastText.LengthOf(ref Unsafe.Add(ref here, 1), TextSlots.Room, ref isAscii) : 0;
        return length > 0 && naming.TryName(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref here, 1), length), out id) ? length + 2 : 0;
    }

    private int ReadParent(ref byte here, ref bool isAscii, out CaseId id)
    {
        id = default;
        return IsNull(ref here) ? 4 : ReadCase(ref here, ref isAscii, out id);
    }

    private static int ReadInstant(ref byte here, out long millis)
    {
        if (IsNull(ref here))
        {
            millis = 0;
            return 4;
        }

        return FastInstant.Read(ref here, out millis);
    }

    private static int ReadFee(ref byte here, out long feePlusOne)
    {
        var read = FastNumber.Read(ref here, out var fee);
        feePlusOne = read == 0 ? 0 : fee + 1;
        return read == 0 && IsNull(ref here) ? 4 : fee > MaxFee ? 0 : read;
    }

    /// <summary>One or two digits without a branch between them: which it is cannot be predicted.</summary>
    private static int ReadStatus(ref byte here, out uint status)
    {
        var (first, second) = ((uint)here - '0', (uint)Unsafe.Add(ref here, 1) - '0');
        var hasTwo = second <= 9;
        status = hasTwo ? (first * 10) + second : first;
        if (first is >= 1 and <= 9 && status <= 10)
        {
            return hasTwo ? 2 : 1;
        }

        status = 0;
        return IsNull(ref here) ? 4 : 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsNull(ref byte here) => Unsafe.ReadUnaligned<uint>(ref here) == BitConverter.ToUInt32("null"u8);
}

using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using MessagePack;

namespace KpiStream.Engine.Codecs.Fast;

/// <summary>
/// The compact form, <c>[1, mask, values…]</c>, value by value in the order of the keys. Nothing is asked about the record's end on the way: 32 values of at
/// most <see cref="PackedFields.MostBytes"/> stay within the room of a <see cref="PaddedRecord"/>, and what was read behind the end makes the place wrong.
/// </summary>
internal static class PackedArray
{
    private const int VersionAndMask = 2;

    // Keys 16 to 26 all have values of one byte, and so have those behind the parent, 28 to 31.
    private const uint Outcome = ((1u << (int)CaseKey.Parent) - 1) & ~((1u << (int)CaseKey.Waived) - 1);
    private const uint BehindParent = ~((1u << (int)CaseKey.ComponentsSigned) - 1);

    /// <summary>Reads a record; the place behind it, or <see cref="FastPacked.Surprise"/>.</summary>
    public static int Read(ref byte start, PackedFields fields, ref CaseEvent decoded)
    {
        var head = ReadMask(ref start, out var mask);
        if (head == 0)
        {
            return FastPacked.Surprise;
        }

        var packed = 0ul;
        var cursor = new PackedCursor(ref Unsafe.Add(ref start, head));
        ReadIdentity(ref cursor, mask, fields, ref decoded);
        ReadPlace(ref cursor, mask, fields, ref decoded.Values, ref packed);
        ReadTimes(ref cursor, mask, ref decoded.Values);
        ReadOutcome(ref cursor, mask, fields, ref decoded.Values, ref packed);
        decoded.Values.Packed = packed;
        decoded.Stated = mask & CaseKeys.Registers;
        return cursor.HasMissed || (packed & PackedWords.Surprise) != 0 ? FastPacked.Surprise : fields.Record.PlaceOf(ref cursor.Here);
    }

    /// <summary>Reads up to the first value; the bytes read, 0 for a surprise.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int ReadMask(ref byte start, out uint mask)
    {
        var isWide = start == MessagePackCode.Array16;
        var count = isWide ? BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref start, 1)))
            : start - MessagePackCode.MinFixArray;
        var head = isWide ? 3 : 1;
        var read = PackedNumber.Read(ref Unsafe.Add(ref start, head + 1), out var stated);
        mask = (uint)stated;
        var isWhole = Unsafe.Add(ref start, head) == 1 && stated < 1L << CaseKeys.Count && (mask & CaseKeys.Required) == CaseKeys.Required
            && BitOperations.PopCount(mask) + VersionAndMask == count;
        return isWhole && read != 0 ? head + 1 + read : 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ReadIdentity(ref PackedCursor cursor, uint mask, PackedFields fields, ref CaseEvent decoded)
    {
        cursor.Pass(fields.Codes.ReadSource(ref cursor.Here, out decoded.Values.Source));
        cursor.Pass(fields.ReadCase(ref cursor.Here, out decoded.Case));
        cursor.Pass(PackedInstant.Read(ref cursor.Here, out fields.At));
        if (States(mask, CaseKey.Seq))
        {
            cursor.Pass(PackedNumber.Read(ref cursor.Here, out fields.Seq));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ReadPlace(ref PackedCursor cursor, uint mask, PackedFields fields, ref Registers values, ref ulong packed)
    {
        ReadWord(ref cursor, mask, CaseKey.Kind, ref packed);
        ReadWord(ref cursor, mask, CaseKey.Status, ref packed);
        if (States(mask, CaseKey.Procedure))
        {
            cursor.Pass(fields.Codes.ReadProcedure(ref cursor.Here, fields.Record, out values.Procedure));
        }

        if (States(mask, CaseKey.Field))
        {
            cursor.Pass(fields.Codes.ReadField(ref cursor.Here, fields.Record, out values.Field));
        }

        if (States(mask, CaseKey.Receiving))
        {
            cursor.Pass(fields.Codes.ReadUnit(ref cursor.Here, CaseKey.Receiving, fields.Record, out values.Receiving));
        }

        if (States(mask, CaseKey.Handling))
        {
            cursor.Pass(fields.Codes.ReadUnit(ref cursor.Here, CaseKey.Handling, fields.Record, out values.Handling));
        }

        ReadWord(ref cursor, mask, CaseKey.Channel, ref packed);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ReadTimes(ref PackedCursor cursor, uint mask, ref Registers values)
    {
        ReadInstant(ref cursor, mask, CaseKey.Filed, ref values.Filed);
        ReadInstant(ref cursor, mask, CaseKey.Accepted, ref values.Accepted);
        ReadInstant(ref cursor, mask, CaseKey.Due, ref values.Due);
        ReadInstant(ref cursor, mask, CaseKey.Ended, ref values.Ended);
        if (States(mask, CaseKey.Fee))
        {
            cursor.Pass(PackedFields.ReadFee(ref cursor.Here, out values.FeePlusOne));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ReadOutcome(ref PackedCursor cursor, uint mask, PackedFields fields, ref Registers values, ref ulong packed)
    {
        ReadBytes(ref cursor, mask & Outcome, ref packed);
        if (States(mask, CaseKey.Parent))
        {
            cursor.Pass(fields.ReadParent(ref cursor.Here, out values.Parent));
        }

        ReadBytes(ref cursor, mask & BehindParent, ref packed);
    }

    /// <summary>Reads the values of keys that all take one byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ReadBytes(ref PackedCursor cursor, uint keys, ref ulong packed)
    {
        var place = 0;
        for (var rest = keys; rest != 0; rest &= rest - 1)
        {
            packed |= PackedWords.Of(BitOperations.TrailingZeroCount(rest), Unsafe.Add(ref cursor.Here, place++));
        }

        cursor.Here = ref Unsafe.Add(ref cursor.Here, place);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ReadWord(ref PackedCursor cursor, uint mask, CaseKey key, ref ulong packed)
    {
        if (States(mask, key))
        {
            packed |= PackedWords.Of((int)key, cursor.Here);
            cursor.Pass(1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ReadInstant(ref PackedCursor cursor, uint mask, CaseKey key, ref long millis)
    {
        if (States(mask, key))
        {
            cursor.Pass(PackedInstant.Read(ref cursor.Here, out millis));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool States(uint mask, CaseKey key) => (mask & (1u << (int)key)) != 0;
}

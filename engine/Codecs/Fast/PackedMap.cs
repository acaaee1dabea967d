using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using MessagePack;

namespace KpiStream.Engine.Codecs.Fast;

/// <summary>
/// The map form: behind every value the key is expected that stood there last time. A pair begins inside the record or is not read, and a key with its value
/// takes fewer bytes than a <see cref="PaddedRecord"/> has behind the record.
/// </summary>
internal static class PackedMap
{
    // The event itself is depth 1.
    private const int DepthInside = DecodeLimits.MaxDepth - 1;

    /// <summary>Reads a record; the place behind it, or <see cref="FastPacked.Surprise"/>.</summary>
    public static int Read(ref byte start, PackedPath path, PackedFields fields, ref CaseEvent decoded)
    {
        var (head, pairs) = Head(ref start);
        ref var here = ref Unsafe.Add(ref start, head);
        var (slot, seen, packed) = (Slots.Start, 0ul, 0ul);
        for (; pairs > 0; pairs--)
        {
            if (fields.Record.PlaceOf(ref here) >= fields.Record.Length)
            {
                return FastPacked.Surprise;
            }

            ref readonly var guess = ref path.After(slot);
            var isGuessed = guess.Stands(ref here);
            (var length, slot) = isGuessed ? (guess.Length, guess.Next) : path.Find(ref here, slot);
            ref var value = ref Unsafe.Add(ref here, (nint)(uint)length);
            var read = PackedWords.Has(slot) ? PackedWords.Read(ref value, slot, ref packed) : ReadOpen(ref value, slot, fields, ref decoded);
            if (length == 0 || read == 0 || (seen & Slots.Once & (1UL << slot)) != 0)
            {
                return FastPacked.Surprise;
            }

            seen |= 1UL << slot;
            here = ref Unsafe.Add(ref value, (nint)(uint)read);
        }

        decoded.Values.Packed = packed;
        decoded.Stated = (uint)seen & CaseKeys.Registers;
        return (seen & CaseKeys.Required) == CaseKeys.Required ? fields.Record.PlaceOf(ref here) : FastPacked.Surprise;
    }

    /// <summary>How long the head is and how many pairs follow; no pairs for the widest head, which nobody needs.</summary>
    private static (int Length, int Pairs) Head(ref byte start) => start switch
    {
        MessagePackCode.Map16 => (3, BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref start, 1)))),
        MessagePackCode.Map32 => (1, 0),
        _ => (1, start & 0x0f),
    };

    /// <summary>Reads the value of a key that has endless many; the bytes read, 0 for a surprise.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int ReadOpen(ref byte here, int slot, PackedFields fields, ref CaseEvent decoded)
    {
        ref var values = ref decoded.Values;
        return slot switch
        {
            (int)CaseKey.Source => fields.Codes.ReadSource(ref here, out values.Source),
            (int)CaseKey.Case => fields.ReadCase(ref here, out decoded.Case),
            (int)CaseKey.At => PackedInstant.Read(ref here, out fields.At),
            (int)CaseKey.Seq => PackedNumber.Read(ref here, out fields.Seq),
            (int)CaseKey.Procedure => fields.Codes.ReadProcedure(ref here, fields.Record, out values.Procedure),
            (int)CaseKey.Field => fields.Codes.ReadField(ref here, fields.Record, out values.Field),
            (int)CaseKey.Receiving => fields.Codes.ReadUnit(ref here, CaseKey.Receiving, fields.Record, out values.Receiving),
            (int)CaseKey.Handling => fields.Codes.ReadUnit(ref here, CaseKey.Handling, fields.Record, out values.Handling),
            (int)CaseKey.Filed => PackedInstant.Read(ref here, out values.Filed),
            (int)CaseKey.Accepted => PackedInstant.Read(ref here, out values.Accepted),
            (int)CaseKey.Due => PackedInstant.Read(ref here, out values.Due),
            (int)CaseKey.Ended => PackedInstant.Read(ref here, out values.Ended),
            (int)CaseKey.Fee => PackedFields.ReadFee(ref here, out values.FeePlusOne),
            (int)CaseKey.Parent => fields.ReadParent(ref here, out values.Parent),
            Slots.Version => here == 1 ? 1 : 0,
            _ => Skip(ref here, fields.Record),
        };
    }

    private static int Skip(ref byte here, PaddedRecord record)
    {
        if (record.PlaceOf(ref here) >= record.Length)
        {
            return 0;
        }

        var reader = new MessagePackTokenReader(record.From(ref here));
        return reader.TrySkip(DepthInside) ? reader.Consumed : 0;
    }
}

using System.Buffers;
using System.Numerics;
using MessagePack;

namespace KpiStream.Engine.Codecs;

/// <summary>
/// Writes an accepted event in its recorded form: <c>[1, mask, values…]</c> with words as positions, instants as milliseconds and
/// pseudonyms as 16 bytes. <c>RecordedEventDecoder</c> reads back exactly what was written. Owned by one flow.
/// </summary>
/// <param name="codes">The code book the event's codes are of.</param>
public sealed class RecordedEventWriter(CodeBook codes)
{
    /// <summary>The most bytes an event takes: a head for each value and for version and mask, and the longest content of each.</summary>
    public const int LongestBytes = ((CaseKeys.Count + 2) * MessagePackForm.LongestHead) + (3 * 32) + (2 * 40) + (2 * CaseId.ByteCount);

    private readonly ArrayBufferWriter<byte> written = new(LongestBytes);

    /// <summary>Writes an event; its bytes, valid until the next one.</summary>
    /// <param name="recorded">An accepted event.</param>
    public ReadOnlySpan<byte> Write(in CaseEvent recorded)
    {
        written.ResetWrittenCount();
        // A null sequence number counts as absent and is 0; leaving 0 out says the same in fewer bytes.
        var mask = (recorded.Stated & CaseKeys.Registers) | CaseKeys.Required | (recorded.Stamp.Seq != 0 ? 1u << (int)CaseKey.Seq : 0);
        var writer = new MessagePackWriter(written);
        writer.WriteArrayHeader(2 + BitOperations.PopCount(mask));
        writer.Write(1);
        writer.Write(mask);
        for (var rest = mask; rest != 0; rest &= rest - 1)
        {
            Write((CaseKey)BitOperations.TrailingZeroCount(rest), in recorded, ref writer);
        }

        writer.Flush();
        return written.WrittenSpan;
    }

    private void Write(CaseKey key, in CaseEvent recorded, ref MessagePackWriter writer)
    {
        ref readonly var values = ref recorded.Values;
        switch (key)
        {
            case CaseKey.Case:
                WriteCase(recorded.Case, ref writer);
                break;
            case CaseKey.Parent:
                WriteCase(values.Parent, ref writer);
                break;
            case CaseKey.At:
                writer.Write(recorded.Stamp.At);
                break;
            case CaseKey.Seq:
                writer.Write(recorded.Stamp.Seq);
                break;
            default:
                if (codes.TableOf(key) is { } table)
                {
                    WriteCode(table.Bytes(values.CodeOf(key)), ref writer);
                }
                else
                {
                    WriteNumber(key, in values, ref writer);
                }

                break;
        }
    }

    private static void WriteCase(CaseId id, ref MessagePackWriter writer)
    {
        if (id == default)
        {
            writer.WriteNil();
            return;
        }

        Span<byte> bytes = stackalloc byte[CaseId.ByteCount];
        id.Write(bytes);
        writer.Write(bytes);
    }

    private static void WriteCode(ReadOnlySpan<byte> code, ref MessagePackWriter writer)
    {
        if (code.IsEmpty)
        {
            writer.WriteNil();
        }
        else
        {
            writer.WriteString(code);
        }
    }

    /// <summary>Values that are 0 for null in <see cref="Registers"/>; words and the fee count from 1 there and from 0 on the wire.</summary>
    private static void WriteNumber(CaseKey key, in Registers values, ref MessagePackWriter writer)
    {
        var (value, zeroIs) = key switch
        {
            CaseKey.Filed or CaseKey.Accepted or CaseKey.Due or CaseKey.Ended => (values.InstantOf(key), 0),
            CaseKey.Fee => (values.FeePlusOne, 1),
            CaseKey.Status => (values.PackedValue(key), 0),
            _ => (values.PackedValue(key), 1),
        };
        if (value == 0)
        {
            writer.WriteNil();
        }
        else if (WordLayout.IsFlag(key))
        {
            writer.Write(value == WordLayout.True);
        }
        else
        {
            writer.Write(value - zeroIs);
        }
    }
}

using System.Buffers.Binary;

namespace KpiStream.Engine.Codecs;

/// <summary>
/// Writes MessagePack values into room the caller has measured, each in its shortest form.
/// The caller's room is too small only by mistake: then the span's own exception says so.
/// </summary>
/// <param name="room">Where the values go.</param>
public ref struct MessagePackWriter(Span<byte> room)
{
    /// <summary>The longest head of any value: a type byte and eight bytes.</summary>
    public const int LongestHead = 9;

    private readonly Span<byte> room = room;

    /// <summary>Bytes written so far.</summary>
    public int Written { readonly get; private set; }

    public void WriteNil() => Put(MessagePackCode.Nil);

    public void WriteFlag(bool value) => Put(value ? MessagePackCode.True : MessagePackCode.False);

    public void WriteInteger(long value)
    {
        if (value >= 0)
        {
            WriteUnsigned((ulong)value);
        }
        else if (value >= -32)
        {
            Put((byte)value);
        }
        else if (value >= int.MinValue)
        {
            PutHead(value >= sbyte.MinValue ? MessagePackCode.Int8 : value >= short.MinValue ? MessagePackCode.Int16 : MessagePackCode.Int32, (ulong)value);
        }
        else
        {
            PutHead(MessagePackCode.Int64, (ulong)value);
        }
    }

    public void WriteArrayHeader(int count) => WriteContainer(0x90, MessagePackCode.Array16, count);

    public void WriteMapHeader(int pairs) => WriteContainer(0x80, MessagePackCode.Map16, pairs);

    public void WriteBinary(scoped ReadOnlySpan<byte> value)
    {
        PutLength(MessagePackCode.Bin8, value.Length);
        PutBytes(value);
    }

    /// <param name="utf8">Text that is UTF-8 already.</param>
    public void WriteText(scoped ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length < 32)
        {
            Put((byte)(0xa0 | utf8.Length));
        }
        else
        {
            PutLength(MessagePackCode.Text8, utf8.Length);
        }

        PutBytes(utf8);
    }

    private void WriteUnsigned(ulong value)
    {
        if (value < 0x80)
        {
            Put((byte)value);
        }
        else
        {
            PutHead(
                value <= byte.MaxValue ? MessagePackCode.UInt8 : value <= ushort.MaxValue ? MessagePackCode.UInt16 : value <= uint.MaxValue ? MessagePackCode.UInt32 : MessagePackCode.UInt64,
                value);
        }
    }

    private void WriteContainer(int small, byte code16, int count)
    {
        if (count < 16)
        {
            Put((byte)(small | count));
        }
        else
        {
            PutSized(count <= ushort.MaxValue ? code16 : (byte)(code16 + 1), (ulong)count, count <= ushort.MaxValue ? 2 : 4);
        }
    }

    private void PutLength(byte code8, int length)
    {
        var step = length <= byte.MaxValue ? 0 : length <= ushort.MaxValue ? 1 : 2;
        PutSized((byte)(code8 + step), (ulong)length, 1 << step);
    }

    private void PutHead(byte code, ulong value) => PutSized(code, value, 1 << ((code - MessagePackCode.UInt8) & 3));

    private void PutSized(byte code, ulong value, int width)
    {
        Put(code);
        Span<byte> wide = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(wide, value);
        PutBytes(wide[^width..]);
    }

    private void Put(byte value) => room[Written++] = value;

    private void PutBytes(scoped ReadOnlySpan<byte> value)
    {
        value.CopyTo(room[Written..]);
        Written += value.Length;
    }
}

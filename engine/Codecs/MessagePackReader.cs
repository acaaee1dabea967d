using System.Buffers.Binary;
using System.Text.Unicode;

namespace KpiStream.Engine.Codecs;

/// <summary>
/// Reads MessagePack values one head at a time from bytes in memory (the format's specification, github.com/msgpack/msgpack, spec.md).
/// Every <c>Try</c> returns false, and moves nothing a caller may rely on, when the bytes are cut short, illegal, or of another type.
/// Lengths are checked against the bytes that are there, so a lying length costs nothing.
/// </summary>
/// <param name="bytes">The bytes; only read.</param>
public ref struct MessagePackReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> bytes = bytes;

    /// <summary>How many bytes have been read.</summary>
    public int Consumed { readonly get; private set; }

    public readonly bool IsAtEnd => Consumed == bytes.Length;

    /// <summary>True once a map was found whose key is a map or an array: what stands there may be a value of its own that a damaged head swallowed.</summary>
    public bool HasMetContainerKey { get; private set; }

    /// <summary>Reads the next head; content of texts, binaries and extensions is passed over, arrays and maps are entered. Text must be UTF-8.</summary>
    public bool TryRead(out MessagePackToken token)
    {
        token = default;
        if (Consumed >= bytes.Length)
        {
            return false;
        }

        var head = bytes[Consumed++];
        return head switch
        {
            < 0x80 => Is(MessagePackKind.Integer, head, out token),
            < 0x90 => Is(MessagePackKind.Map, head & 0x0f, out token),
            < 0xa0 => Is(MessagePackKind.Array, head & 0x0f, out token),
            < 0xc0 => TryContent(MessagePackKind.Text, head & 0x1f, 0, out token),
            >= 0xe0 => Is(MessagePackKind.Integer, (sbyte)head, out token),
            _ => TryWide(head, out token),
        };
    }

    public bool TryReadNil() => TryRead(out var token) && token.Kind == MessagePackKind.Nil;

    /// <summary>An integer of any width.</summary>
    public bool TryReadInteger(out long value)
    {
        var isInteger = TryRead(out var token) & token.Kind == MessagePackKind.Integer;
        value = token.Number;
        return isInteger;
    }

    /// <summary>The head of an array; its values follow.</summary>
    public bool TryReadArrayHeader(out int count)
    {
        var isArray = TryRead(out var token) & token.Kind == MessagePackKind.Array & token.Number <= int.MaxValue;
        count = isArray ? (int)token.Number : 0;
        return isArray;
    }

    public bool TryReadBinary(out ReadOnlySpan<byte> value)
    {
        var isBinary = TryRead(out var token) & token.Kind == MessagePackKind.Binary;
        value = bytes.Slice(token.Start, token.Length);
        return isBinary;
    }

    /// <summary>True, and passed over, when the next value is nil; otherwise nothing is moved.</summary>
    public bool TryPassNil()
    {
        var isNil = Consumed < bytes.Length && bytes[Consumed] == MessagePackCode.Nil;
        Consumed += isNil ? 1 : 0;
        return isNil;
    }

    /// <summary>Passes over one whole value, checking that all of it is legal.</summary>
    /// <param name="maxDepth">How many arrays and maps may still be entered.</param>
    public bool TrySkip(int maxDepth) => TryRead(out var token) && TrySkipInside(token, maxDepth);

    /// <inheritdoc cref="TrySkip(int)"/>
    public bool TrySkip() => TrySkip(DecodeLimits.MaxDepth);

    /// <summary>Passes over what an already read head contains.</summary>
    /// <param name="token">The head.</param>
    /// <param name="maxDepth">How many arrays and maps may be entered, this one included.</param>
    public bool TrySkipInside(MessagePackToken token, int maxDepth)
    {
        if (token.Kind is not (MessagePackKind.Array or MessagePackKind.Map))
        {
            return true;
        }

        if (maxDepth == 0)
        {
            return false;
        }

        for (var left = token.Number; left > 0; left--)
        {
            if ((token.Kind == MessagePackKind.Map && !TryReadKey(out _)) || !TrySkip(maxDepth - 1))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Reads a map's key; false also for a map or an array, which no event has for a key.</summary>
    public bool TryReadKey(out MessagePackToken key)
    {
        var isRead = TryRead(out key);
        var isContainer = key.Kind is MessagePackKind.Map or MessagePackKind.Array;
        HasMetContainerKey |= isContainer;
        return isRead && !isContainer;
    }

    private static bool Is(MessagePackKind kind, long number, out MessagePackToken token)
    {
        token = new MessagePackToken(kind, 0, 0, number);
        return true;
    }

    private bool TryWide(byte head, out MessagePackToken token)
    {
        switch (head)
        {
            case MessagePackCode.Nil:
                return Is(MessagePackKind.Nil, 0, out token);
            case MessagePackCode.False:
                return Is(MessagePackKind.False, 0, out token);
            case MessagePackCode.True:
                return Is(MessagePackKind.True, 0, out token);
            case MessagePackCode.Float32 or MessagePackCode.Float64:
                return TryFloat(head == MessagePackCode.Float32 ? 4 : 8, out token);
            case >= MessagePackCode.UInt8 and <= MessagePackCode.Int64:
                return TryNumber(head, out token);
            case >= MessagePackCode.FixExt1 and <= MessagePackCode.FixExt16:
                return TryExtension(1 << (head - MessagePackCode.FixExt1), out token);
            default:
                return TrySized(head, out token);
        }
    }

    /// <summary>Values whose head carries a length of one, two or four bytes.</summary>
    private bool TrySized(byte head, out MessagePackToken token)
    {
        token = default;
        var (kind, width) = MessagePackCode.SizedBy(head);
        if (kind == MessagePackKind.Absent || !TryUnsigned(width, out var size))
        {
            return false;
        }

        return kind switch
        {
            MessagePackKind.Array or MessagePackKind.Map => Is(kind, (long)size, out token),
            MessagePackKind.Extension => TryExtension((long)size, out token),
            _ => TryContent(kind, (long)size, 0, out token),
        };
    }

    private bool TryFloat(int width, out MessagePackToken token)
    {
        token = new MessagePackToken(MessagePackKind.Float, Consumed, width, 0);
        return TryAdvance(width);
    }

    private bool TryNumber(byte head, out MessagePackToken token)
    {
        token = default;
        var isSigned = head >= MessagePackCode.Int8;
        var width = 1 << ((head - MessagePackCode.UInt8) & 3);
        if (!TryUnsigned(width, out var bits))
        {
            return false;
        }

        if (!isSigned && bits > long.MaxValue)
        {
            return Is(MessagePackKind.HugeInteger, 0, out token);
        }

        var unused = 64 - (8 * width);
        return Is(MessagePackKind.Integer, isSigned ? (long)(bits << unused) >> unused : (long)bits, out token);
    }

    private bool TryExtension(long length, out MessagePackToken token)
    {
        token = default;
        return TryUnsigned(1, out var type) && TryContent(MessagePackKind.Extension, length, (sbyte)type, out token);
    }

    private bool TryContent(MessagePackKind kind, long length, long number, out MessagePackToken token)
    {
        token = default;
        if (length > bytes.Length - Consumed)
        {
            return false;
        }

        token = new MessagePackToken(kind, Consumed, (int)length, number);
        Consumed += (int)length;
        return kind != MessagePackKind.Text || Utf8.IsValid(bytes.Slice(token.Start, token.Length));
    }

    private bool TryUnsigned(int width, out ulong value)
    {
        var start = Consumed;
        value = 0;
        if (!TryAdvance(width))
        {
            return false;
        }

        var field = bytes.Slice(start, width);
        value = width switch
        {
            1 => field[0],
            2 => BinaryPrimitives.ReadUInt16BigEndian(field),
            4 => BinaryPrimitives.ReadUInt32BigEndian(field),
            _ => BinaryPrimitives.ReadUInt64BigEndian(field),
        };
        return true;
    }

    private bool TryAdvance(int count)
    {
        if (count > bytes.Length - Consumed)
        {
            return false;
        }

        Consumed += count;
        return true;
    }
}

using System.Text.Unicode;
using static MessagePack.MessagePackPrimitives;

namespace KpiStream.Engine.Codecs;

/// <summary>
/// Reads MessagePack values one head at a time from bytes in memory. The heads are read by the package; that lengths stay within the bytes, that text is
/// UTF-8, how deep values nest and what a key may be are our rules. Every <c>Try</c> returns false when the bytes are cut short, illegal or of another type,
/// and then where reading has come to says nothing.
/// </summary>
/// <param name="bytes">The bytes; only read.</param>
public ref struct MessagePackTokenReader(ReadOnlySpan<byte> bytes)
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
        var rest = bytes[Consumed..];
        if (MessagePackHead.TryRead(rest, out var head) != DecodeResult.Success || head.Content > rest.Length - head.Bytes)
        {
            token = default;
            return false;
        }

        var start = Consumed + head.Bytes;
        token = new MessagePackToken(head.Kind, start, (int)head.Content, head.Number);
        Consumed = start + (int)head.Content;
        return head.Kind != MessagePackKind.Text || Utf8.IsValid(bytes.Slice(start, (int)head.Content));
    }

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

    /// <summary>A text, as UTF-8.</summary>
    public bool TryReadText(out ReadOnlySpan<byte> value)
    {
        var isText = TryRead(out var token) & token.Kind == MessagePackKind.Text;
        value = bytes.Slice(token.Start, token.Length);
        return isText;
    }

    /// <summary>True, and passed over, when the next value is nil; otherwise nothing is moved.</summary>
    public bool TryPassNil()
    {
        var isNil = TryReadNil(bytes[Consumed..], out var size) == DecodeResult.Success;
        Consumed += isNil ? size : 0;
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
}

using System.Buffers;
using static MessagePack.MessagePackPrimitives;

namespace KpiStream.Engine.Codecs;

/// <summary>What a <see cref="MessagePackSkimmer"/> found.</summary>
public enum SkimResult
{
    /// <summary>The bytes end before the value does; what was passed over is remembered.</summary>
    NeedMore,

    /// <summary>The value ends here.</summary>
    Complete,

    /// <summary>The byte that MessagePack never uses: where the next value begins cannot be known.</summary>
    Lost,
}

/// <summary>
/// Finds where MessagePack values end, so that values written one behind another can be told apart. It counts the values still owed and keeps nothing
/// of them: a gigabyte of nested arrays costs no memory. Whether a value is a legal event is the decoder's question. Owned by one flow.
/// </summary>
public struct MessagePackSkimmer
{
    private const long Enormous = long.MaxValue / 4; // more values than any stream has bytes

    private long owed;
    private long unseen; // bytes of content still to be passed over

    /// <summary>Continues passing over the value begun, or begins one; starts anew after <see cref="SkimResult.Complete"/>.</summary>
    /// <param name="bytes">Where to go on; moved behind what has been passed over, and not beyond the value's end.</param>
    public SkimResult Skim(ref SequenceReader<byte> bytes)
    {
        owed = owed == 0 && unseen == 0 ? 1 : owed;
        while (true)
        {
            var step = Math.Min(unseen, bytes.Remaining);
            bytes.Advance(step);
            unseen -= step;
            if (unseen > 0)
            {
                return SkimResult.NeedMore;
            }

            if (owed == 0)
            {
                return SkimResult.Complete;
            }

            var found = TryHead(ref bytes);
            if (found != SkimResult.Complete)
            {
                return found;
            }
        }
    }

    private SkimResult TryHead(ref SequenceReader<byte> bytes)
    {
        Span<byte> joined = stackalloc byte[MessagePackForm.LongestHead];
        scoped ReadOnlySpan<byte> front = bytes.UnreadSpan;
        if (front.Length < joined.Length)
        {
            front = joined[..(int)Math.Min(joined.Length, bytes.Remaining)];
            bytes.TryCopyTo(joined[..front.Length]);
        }

        var result = MessagePackHead.TryRead(front, out var head);
        if (result != DecodeResult.Success)
        {
            return result == DecodeResult.TokenMismatch ? SkimResult.Lost : SkimResult.NeedMore;
        }

        bytes.Advance(head.Bytes);
        unseen = head.Content;
        var values = head.Kind == MessagePackKind.Map ? 2 * head.Number : head.Kind == MessagePackKind.Array ? head.Number : 0;
        owed = Math.Min(Enormous, owed - 1 + values);
        return SkimResult.Complete;
    }
}

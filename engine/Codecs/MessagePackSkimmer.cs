using System.Buffers;

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

    /// <summary>Goes on passing over the value begun, or begins one; starts anew after <see cref="SkimResult.Complete"/>.</summary>
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
        if (!bytes.TryPeek(out var head))
        {
            return SkimResult.NeedMore;
        }

        if (head == MessagePackCode.NeverUsed)
        {
            return SkimResult.Lost;
        }

        var (width, content, values) = MessagePackCode.ShapeOf(head);
        if (bytes.Remaining < 1 + width)
        {
            return SkimResult.NeedMore;
        }

        bytes.Advance(1);
        var size = 0L;
        for (; width > 0; width--)
        {
            bytes.TryRead(out var digit);
            size = (size << 8) | digit;
        }

        unseen = content + (values == 0 ? size : 0);
        owed = Math.Min(Enormous, owed - 1 + (values == 0 ? 0 : values * size) + MessagePackCode.SmallCount(head));
        return SkimResult.Complete;
    }
}

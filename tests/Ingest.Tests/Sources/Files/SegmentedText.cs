using System.Buffers;

namespace KpiStream.Ingest.Tests.Sources.Files;

/// <summary>Bytes cut into segments of chosen sizes, as a pipe may hand them over; empty segments included.</summary>
internal sealed class SegmentedText : ReadOnlySequenceSegment<byte>
{
    private SegmentedText(ReadOnlyMemory<byte> memory, long runningIndex)
    {
        Memory = memory;
        RunningIndex = runningIndex;
    }

    public static ReadOnlySequence<byte> Cut(ReadOnlyMemory<byte> bytes, Func<int> nextSize)
    {
        var first = new SegmentedText(ReadOnlyMemory<byte>.Empty, 0);
        var last = first;
        for (var taken = 0; taken < bytes.Length;)
        {
            var size = Math.Min(nextSize(), bytes.Length - taken);
            var next = new SegmentedText(bytes.Slice(taken, size), taken);
            last.Next = next;
            last = next;
            taken += size;
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }
}

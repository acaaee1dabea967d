using System.Buffers;

namespace KpiStream.Engine.Snapshots;

/// <summary>Some cases of a snapshot as bytes, in a buffer that goes from the shard to the writer, who gives it back.</summary>
public sealed class SnapshotSlice
{
    /// <summary>Some 1,000 cases, copied in a quarter of a millisecond: what a shard may be kept from its events at a time.</summary>
    public const int Capacity = 64 * 1024;

    private readonly byte[] buffer = ArrayPool<byte>.Shared.Rent(Capacity);

    public int Cases { get; private set; }

    /// <summary>Bytes in it.</summary>
    public int Length { get; private set; }

    /// <summary>The cases, one behind another as <see cref="CaseForm"/> writes them.</summary>
    public ReadOnlyMemory<byte> Bytes => buffer.AsMemory(0, Length);

    internal bool IsFull => Length + CaseForm.MostBytes > Capacity;

    internal void Add(in Cases.CaseRecord record, Cases.StampLayers layers)
    {
        var to = new SnapshotWriter(buffer.AsSpan(Length));
        CaseForm.Write(ref to, in record, layers);
        Length += to.Length;
        Cases++;
    }

    /// <summary>Gives the buffer back; the bytes must not be looked at any more.</summary>
    public void Return() => ArrayPool<byte>.Shared.Return(buffer);
}

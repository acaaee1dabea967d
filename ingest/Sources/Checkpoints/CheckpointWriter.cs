using KpiStream.Engine.Snapshots;

namespace KpiStream.Ingest.Sources.Checkpoints;

/// <summary>
/// Writes one checkpoint from its first byte to its last. Owned by one flow; any call may throw <see cref="IOException"/>, and the file is then of no use.
/// </summary>
/// <param name="file">The file, empty.</param>
/// <param name="id">A number that no other checkpoint has.</param>
public sealed class CheckpointWriter(IStateFile file, UInt128 id)
{
    private readonly byte[] header = new byte[CheckpointFormat.BlockHeaderBytes];
    private int blocks;
    private long cases;

    public long Bytes { get; private set; }

    /// <summary>Begins with what is known beside the cases.</summary>
    public void WriteHead(CheckpointHead head)
    {
        Span<byte> start = stackalloc byte[CheckpointFormat.FileHeaderBytes];
        CheckpointFormat.WriteFileHeader(id, start);
        Write(start);
        Write(CheckpointBlockType.Head, 0, 0, CheckpointJson.Write(head));
    }

    /// <summary>All codes; before the first case that may name one.</summary>
    public void WriteCodes(SavedCodes codes)
    {
        var room = new byte[SnapshotSlice.Capacity];
        foreach (var (number, table) in codes.All.Index())
        {
            while (table.Write(room) is > 0 and var length)
            {
                Write(CheckpointBlockType.Codes, number, 0, room.AsSpan(0, length));
            }
        }
    }

    /// <summary>Some cases of a shard.</summary>
    public void WriteCases(int shard, SnapshotSlice slice)
    {
        cases += slice.Cases;
        Write(CheckpointBlockType.Cases, shard, slice.Cases, slice.Bytes.Span);
    }

    /// <summary>Ends the file and returns when it is on disk.</summary>
    /// <param name="fingerprint">What the cases contribute.</param>
    public void WriteEnd(string fingerprint)
    {
        Write(CheckpointBlockType.End, 0, 0, CheckpointJson.Write(new CheckpointEnd(blocks, cases, fingerprint)));
        file.Sync();
    }

    private void Write(CheckpointBlockType type, int part, int records, ReadOnlySpan<byte> payload)
    {
        new CheckpointBlock(type, (ushort)part, payload.Length, blocks++, records, CheckpointFormat.Checksum(payload)).Write(id, header);
        Write(header);
        Write(payload);
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        file.Write(bytes);
        Bytes += bytes.Length;
    }
}

using System.Buffers;
using KpiStream.Engine.Snapshots;

namespace KpiStream.Ingest.Sources.Checkpoints;

/// <summary>
/// Reads one checkpoint from its first byte to its last, and believes nothing: a file is good when every block is, in its place, and the end says so.
/// Holds one block. Owned by one flow. Damage is an answer and never thrown.
/// </summary>
/// <param name="file">The file, from its start.</param>
public sealed class CheckpointReader(Stream file) : IDisposable
{
    private readonly byte[] header = new byte[CheckpointFormat.BlockHeaderBytes];
    private UInt128 id;
    private int blocks;
    private long cases;
    private long at;

    /// <summary>What is wrong with the file, in a few words; empty while nothing is.</summary>
    public string Damage { get; private set; } = "";

    /// <summary>The format's version; 0 until the head has been read.</summary>
    public uint Version { get; private set; }

    /// <summary>True when a newer program wrote the file.</summary>
    public bool IsNewer => Version > CheckpointFormat.Version;

    /// <summary>The end, once everything before it has been read and found good.</summary>
    public CheckpointEnd? End { get; private set; }

    /// <summary>Reads the head; null when the file is damaged or too new.</summary>
    public CheckpointHead? ReadHead()
    {
        var start = new byte[CheckpointFormat.FileHeaderBytes];
        var read = Read(start);
        at = read;
        if (!CheckpointFormat.TryReadFileHeader(start.AsSpan(0, read), out var version, out id))
        {
            return Bad<CheckpointHead>("its first bytes are not those of a checkpoint");
        }

        Version = version;
        if (IsNewer)
        {
            return Bad<CheckpointHead>($"a newer program wrote it (checkpoint format {version}, this program knows {CheckpointFormat.Version})");
        }

        var payload = ReadBlock(out var block);
        var head = payload is not null
            && block.Type == CheckpointBlockType.Head ? CheckpointJson.TryRead<CheckpointHead>(payload.AsSpan(0, block.PayloadBytes)) : null;
        Return(payload);
        return head ?? Bad<CheckpointHead>("what it says of itself cannot be read");
    }

    /// <summary>Reads on: codes are taken over, cases are given out; null at the end and at damage, which <see cref="Damage"/> tells apart.</summary>
    /// <param name="codes">Gets the codes.</param>
    public CheckpointCases? ReadCases(SavedCodes codes)
    {
        while (ReadBlock(out var block) is { } payload)
        {
            var bytes = payload.AsMemory(0, block.PayloadBytes);
            switch (block.Type)
            {
                case CheckpointBlockType.Cases:
                    cases += block.Records;
                    return new CheckpointCases(block.Part, block.Records, payload, bytes);
                case CheckpointBlockType.Codes when block.Part < codes.All.Count && codes.All[block.Part].TryRead(bytes.Span):
                    break;
                case CheckpointBlockType.End:
                    ReadEnd(bytes.Span);
                    Return(payload);
                    return null;
                default:
                    Bad<object>($"block {block.Number} holds something else than it says");
                    break;
            }

            Return(payload);
        }

        return null;
    }

    public void Dispose() => file.Dispose();

    private void ReadEnd(ReadOnlySpan<byte> json)
    {
        var end = CheckpointJson.TryRead<CheckpointEnd>(json);
        if (end is null || end.Blocks != blocks - 1 || end.Cases != cases)
        {
            Bad<object>("its end tells of other blocks than there are");
        }
        else if (Read(header.AsSpan(0, 1)) > 0)
        {
            Bad<object>("bytes follow its end");
        }
        else
        {
            End = end;
        }
    }

    private byte[]? ReadBlock(out CheckpointBlock block)
    {
        block = default;
        if (Damage.Length > 0)
        {
            return null;
        }

        var read = Read(header);
        if (!CheckpointBlock.TryRead(header.AsSpan(0, read), id, out block) || block.Number != blocks)
        {
            return Bad<byte[]>($"at byte {at} no good block stands where block {blocks} should");
        }

        var payload = ArrayPool<byte>.Shared.Rent(block.PayloadBytes);
        var bytes = payload.AsSpan(0, block.PayloadBytes);
        if (Read(bytes) < bytes.Length || CheckpointFormat.Checksum(bytes) != block.PayloadChecksum)
        {
            Return(payload);
            return Bad<byte[]>($"block {blocks} at byte {at} is damaged or cut off");
        }

        (blocks, at) = (blocks + 1, at + header.Length + bytes.Length);
        return payload;
    }

    /// <summary>What a disk cannot give back is damage like any other.</summary>
    private int Read(Span<byte> room)
    {
        try
        {
            return file.ReadAtLeast(room, room.Length, throwOnEndOfStream: false);
        }
        catch (IOException error)
        {
            Bad<object>($"at byte {at} it cannot be read ({error.Message})");
            return 0;
        }
    }

    private T? Bad<T>(string damage)
        where T : class
    {
        Damage = Damage.Length > 0 ? Damage : damage;
        return null;
    }

    private static void Return(byte[]? payload)
    {
        if (payload is not null)
        {
            ArrayPool<byte>.Shared.Return(payload);
        }
    }
}

/// <summary>Some cases of a checkpoint.</summary>
/// <param name="shard">The shard they were of.</param>
/// <param name="count">How many.</param>
/// <param name="buffer">Where they lie.</param>
/// <param name="bytes">The cases.</param>
public sealed class CheckpointCases(int shard, int count, byte[] buffer, ReadOnlyMemory<byte> bytes)
{
    /// <summary>The shard they were of, from 0.</summary>
    public int Shard => shard;

    public int Count => count;

    /// <summary>As a <see cref="SnapshotSlice"/> holds them.</summary>
    public ReadOnlyMemory<byte> Bytes => bytes;

    /// <summary>Gives the buffer back; the bytes must not be looked at any more.</summary>
    public void Return() => ArrayPool<byte>.Shared.Return(buffer);
}

using System.Buffers.Binary;

namespace KpiStream.Ingest.Host.Runs.Load;

/// <summary>
/// What a generated load sends, made before the first moment and kept in a file of the system's temporary folder, some 650 bytes a record: making it takes
/// more of a machine than the engine does, and would be measured with it. Written once, then read from its beginning as often as wanted; one flow at a time.
/// The file has no name once it is open, so however the run ends, its room is free again.
/// </summary>
internal sealed class LoadSpool : ILoadRecords, ILoadSink, IDisposable
{
    /// <summary>Length, due moment and case before each record.</summary>
    private const int HeadBytes = 4 + 8 + 16;

    private const int BufferBytes = 1 << 20;

    private readonly BufferedStream content;
    private byte[] record = new byte[4_096];

    private LoadSpool(FileStream file) => content = new BufferedStream(file, BufferBytes);

    /// <summary>Holds all that a stream has to send.</summary>
    /// <param name="folder">Where the file is.</param>
    /// <exception cref="IOException">The folder has no room, or cannot be written to.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public static async Task<LoadSpool> OfAsync(ILoadRecords stream, string folder, CancellationToken stop)
    {
        var path = Path.Combine(folder, $"kpistream-load-{Guid.NewGuid():N}");
        var spool = new LoadSpool(PrivateFile.Open(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose));
        try
        {
            if (!OperatingSystem.IsWindows())
            {
                File.Delete(path); // Windows deletes it with its last handle; elsewhere the runtime would, and not after a kill.
            }

            await stream.RunAsync(spool, stop);
            await spool.content.FlushAsync(stop);
            return spool;
        }
        catch
        {
            spool.Dispose();
            throw;
        }
    }

    /// <summary>On a thread of its own: it mostly waits for the sink, and the pool has as few threads as the machine has cores.</summary>
    public Task<SourceEnd> RunAsync(ILoadSink sink, CancellationToken stop) =>
        Task.Factory.StartNew(() => Run(sink, stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public bool TryPut(ReadOnlySpan<byte> record, CaseId id, long due, CancellationToken stop)
    {
        Span<byte> head = stackalloc byte[HeadBytes];
        BinaryPrimitives.WriteInt32LittleEndian(head, record.Length);
        BinaryPrimitives.WriteInt64LittleEndian(head[4..], due);
        BinaryPrimitives.WriteUInt64LittleEndian(head[12..], id.Hi);
        BinaryPrimitives.WriteUInt64LittleEndian(head[20..], id.Lo);
        content.Write(head);
        content.Write(record);
        return true;
    }

    public void Dispose() => content.Dispose();

    private SourceEnd Run(ILoadSink sink, CancellationToken stop)
    {
        Span<byte> head = stackalloc byte[HeadBytes];
        content.Position = 0;
        while (!stop.IsCancellationRequested && content.ReadAtLeast(head, HeadBytes, throwOnEndOfStream: false) == HeadBytes)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(head);
            if (record.Length < length)
            {
                record = new byte[2 * length];
            }

            content.ReadExactly(record, 0, length);
            var id = new CaseId(BinaryPrimitives.ReadUInt64LittleEndian(head[12..]), BinaryPrimitives.ReadUInt64LittleEndian(head[20..]));
            if (!sink.TryPut(record.AsSpan(0, length), id, BinaryPrimitives.ReadInt64LittleEndian(head[4..]), stop))
            {
                break;
            }
        }

        return stop.IsCancellationRequested ? SourceEnd.Stopped : SourceEnd.Finished;
    }
}

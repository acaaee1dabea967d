using System.Collections.Concurrent;

namespace KpiStream.Ingest.Tests.Sources.Checkpoints;

/// <summary>
/// A folder in memory that knows what is on disk and what is not: a power cut takes back what was not flushed. It can be told to fail from any call on, as a
/// full disk does, or at one call only. One thread writes, any may read.
/// </summary>
internal sealed class MemoryFiles : IStateFiles
{
    private readonly ConcurrentDictionary<string, byte[]> seen = [];
    private Dictionary<string, byte[]> lasting = [];
    private readonly Dictionary<string, byte[]> synced = [];

    public string Name => "memory";

    /// <summary>Calls that wrote, flushed, renamed or deleted.</summary>
    public int Calls { get; private set; }

    /// <summary>The call from which on all fail.</summary>
    public int FailFrom { get; set; } = int.MaxValue;

    /// <summary>A disk that takes its time: flushing a file waits for it.</summary>
    public Task Slow { get; set; } = Task.CompletedTask;

    public byte[] this[string name]
    {
        get => seen[name];
        set => seen[name] = lasting[name] = value;
    }

    public IReadOnlyList<string> List() => [.. seen.Keys];

    public Stream Read(string name) => new MemoryStream(seen[name], writable: false);

    public IStateFile Create(string name)
    {
        Call();
        seen[name] = [];
        return new Open(this, name);
    }

    public void Rename(string from, string to)
    {
        Call();
        (seen[to], synced[to]) = (seen[from], synced.GetValueOrDefault(from, []));
        seen.TryRemove(from, out _);
    }

    public void SyncNames()
    {
        Call();
        lasting = seen.ToDictionary(
            file => file.Key, file => synced.GetValueOrDefault(file.Key, lasting.GetValueOrDefault(file.Key, [])));
    }

    public void Delete(string name)
    {
        Call();
        seen.TryRemove(name, out _);
    }

    /// <summary>The folder after a power cut at its worst: only what was flushed, under the names that were.</summary>
    public MemoryFiles AfterPowerCut() => Copy(lasting);

    /// <summary>The folder after the program was killed: everything written is there.</summary>
    public MemoryFiles AfterKill() => Copy(seen);

    private static MemoryFiles Copy(IReadOnlyDictionary<string, byte[]> files)
    {
        var copy = new MemoryFiles();
        foreach (var (name, bytes) in files)
        {
            copy[name] = [.. bytes];
        }

        return copy;
    }

    private void Call()
    {
        if (++Calls >= FailFrom)
        {
            throw new IOException("No space left on device");
        }
    }

    private sealed class Open(MemoryFiles files, string name) : IStateFile
    {
        public void Write(ReadOnlySpan<byte> bytes)
        {
            // Half of what is written when the disk is full is there.
            var fails = files.Calls + 1 >= files.FailFrom;
            files.seen[name] = [.. files.seen[name], .. fails ? bytes[..(bytes.Length / 2)] : bytes];
            files.Call();
        }

        public void Sync()
        {
            files.Call();
            files.Slow.GetAwaiter().GetResult();
            files.synced[name] = files.seen[name];
            if (files.lasting.ContainsKey(name))
            {
                files.lasting[name] = files.seen[name]; // The name is on disk already.
            }
        }

        public void Dispose()
        {
        }
    }
}

namespace KpiStream.Ingest.Tests.Simulation;

/// <summary>The folder of an embedded log on a simulated disk. Its lock is not simulated: there is one process.</summary>
internal sealed class SimulatedLogFiles(SimulatedFolder folder) : ILogFiles
{
    public string Name => folder.Name;

    public IReadOnlyList<string> List() => folder.List();

    public IDisposable Lock() => new MemoryStream();

    public IRecordingFile Write(string name) => new Written(folder, folder.OpenOrCreate(name));

    public Stream Read(string name) => new SimulatedStream(folder.Disk, folder.Open(name));

    private sealed class Written(SimulatedFolder folder, SimulatedFile file) : IRecordingFile
    {
        public long Length => file.Length;

        public Stream Stream { get; } = new SimulatedStream(folder.Disk, file);

        public void Write(ReadOnlySpan<byte> bytes, long at)
        {
            var whole = bytes.ToArray();
            folder.Disk.Do("write", () => file.Write(whole, (int)at), () => file.Write(whole.AsSpan(0, whole.Length / 2), (int)at),
                needsRoom: true, isSlow: true);
        }

        public void Sync() => folder.Disk.Do("sync", file.Sync, isSlow: true, onFault: file.FailSync);

        public void Cut(long length)
        {
            folder.Disk.Do("cut", () => file.Cut((int)length));
            Sync();
        }

        public void SyncName() => folder.SyncNames();

        public void Dispose() => Stream.Dispose();
    }
}

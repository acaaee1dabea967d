namespace KpiStream.Ingest.Tests.Simulation;

/// <summary>The folder of the state on a simulated disk.</summary>
internal sealed class SimulatedStateFiles(SimulatedFolder folder) : IStateFiles
{
    public string Name => folder.Name;

    public IReadOnlyList<string> List() => folder.List();

    public Stream Read(string name) => new SimulatedStream(folder.Disk, folder.Open(name));

    public IStateFile Create(string name) => new Written(folder.Disk, folder.Create(name));

    public void Rename(string from, string to) => folder.Rename(from, to);

    public void SyncNames() => folder.SyncNames();

    public void Delete(string name) => folder.Delete(name);

    private sealed class Written(SimulatedDisk disk, SimulatedFile file) : IStateFile
    {
        public void Write(ReadOnlySpan<byte> bytes)
        {
            var (whole, at) = (bytes.ToArray(), file.Length);
            disk.Do("write", () => file.Write(whole, at), () => file.Write(whole.AsSpan(0, whole.Length / 2), at), needsRoom: true, isSlow: true);
        }

        public void Sync() => disk.Do("sync", file.Sync, isSlow: true, onFault: file.FailSync);

        public void Dispose()
        {
        }
    }
}

namespace KpiStream.Ingest.Tests.Simulation;

/// <summary>
/// The names of a folder, as a process sees them and as they are on disk: a name that was not flushed may be lost with the power, and so may its loss.
/// </summary>
internal sealed class SimulatedFolder(SimulatedDisk disk, string name)
{
    private readonly Dictionary<string, SimulatedFile> seen = [];
    private readonly Dictionary<string, SimulatedFile> lasting = [];
    private readonly List<Action<Dictionary<string, SimulatedFile>>> unsynced = [];

    public string Name => name;

    public SimulatedDisk Disk => disk;

    /// <summary>The files as a process sees them; looked at from outside, it is no operation.</summary>
    public IReadOnlyDictionary<string, SimulatedFile> Files => seen;

    public SimulatedFile Open(string file)
    {
        disk.Do($"open {file}", () => { });
        return seen.TryGetValue(file, out var found) ? found : throw new FileNotFoundException($"{name}/{file} is not there.");
    }

    public SimulatedFile OpenOrCreate(string file)
    {
        if (!seen.ContainsKey(file))
        {
            Create(file);
        }

        return Open(file);
    }

    public SimulatedFile Create(string file)
    {
        var made = new SimulatedFile();
        disk.Do($"create {file}", () => Change(names => names[file] = made), needsRoom: true);
        return made;
    }

    public void Rename(string from, string to) => disk.Do($"rename {from}", () => Change(names =>
    {
        if (names.Remove(from, out var file))
        {
            names[to] = file;
        }
    }));

    public void Delete(string file) => disk.Do($"delete {file}", () => Change(names => names.Remove(file)));

    public void SyncNames() => disk.Do("sync names", () =>
    {
        unsynced.ForEach(change => change(lasting));
        unsynced.Clear();
    }, isSlow: true);

    public IReadOnlyList<string> List()
    {
        disk.Do("list", () => { });
        return [.. seen.Keys];
    }

    /// <summary>A file system keeps names in a journal: of those not flushed the first ones are there and the others are not.</summary>
    public void Restart(Survival survival, Random random)
    {
        if (survival == Survival.Kill)
        {
            seen.Values.ToList().ForEach(file => file.Forget());
            return;
        }

        var kept = survival switch
        {
            Survival.Nothing => 0,
            Survival.Everything => unsynced.Count,
            Survival.Torn => unsynced.Count / 2,
            _ => random.Next(unsynced.Count + 1),
        };
        unsynced.Take(kept).ToList().ForEach(change => change(lasting));
        unsynced.Clear();
        seen.Clear();
        foreach (var (file, content) in lasting)
        {
            content.CutPower(survival, random);
            seen[file] = content;
        }
    }

    private void Change(Action<Dictionary<string, SimulatedFile>> change)
    {
        change(seen);
        unsynced.Add(change);
    }
}

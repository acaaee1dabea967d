namespace KpiStream.Ingest.Sources.Checkpoints;

/// <summary>
/// The checkpoints of one state: the newest three that are good, each a file that is whole from the moment it has its name. A new one takes its place beside
/// the others before the oldest goes, so a failure at any moment costs no older one. Owned by one flow at a time.
/// </summary>
public sealed class CheckpointStore(IStateFiles files)
{
    /// <summary>Generations kept: one may be damaged, and the one before it too.</summary>
    public const int Kept = 3;

    private const string Prefix = "checkpoint-", Suffix = ".kpistate", Unfinished = ".tmp";

    private readonly HashSet<long> bad = [];

    /// <summary>Where the checkpoints lie.</summary>
    public string Name => files.Name;

    /// <summary>The file of a checkpoint.</summary>
    /// <param name="generation">Counted from 1.</param>
    public static string FileOf(long generation) => $"{Prefix}{generation:00000000}{Suffix}";

    /// <summary>True when a folder holds a checkpoint, good or not.</summary>
    public static bool HasAny(string folder) => Directory.Exists(folder) && Directory.EnumerateFiles(folder, Prefix + "*" + Suffix).Any();

    /// <summary>The checkpoints there are, the newest first.</summary>
    public IReadOnlyList<long> Generations() => [.. files.List().Select(GenerationOf).OfType<long>().OrderDescending()];

    public CheckpointReader Open(long generation) => new(files.Read(FileOf(generation)));

    /// <summary>Notes that a checkpoint is of no use; it does not count as one of the three any more and goes with the older ones.</summary>
    public void MarkBad(long generation) => bad.Add(generation);

    /// <summary>Writes the next checkpoint.</summary>
    /// <param name="id">A number that no other checkpoint has.</param>
    /// <param name="write">Writes it, its end included.</param>
    /// <returns>Its bytes.</returns>
    /// <exception cref="IOException">It could not be written; nothing has changed then but that a file <c>.tmp</c> may be left, or that it is there and a power
    /// cut may take its name away.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public async Task<long> WriteAsync(UInt128 id, Func<CheckpointWriter, Task> write)
    {
        var generation = (Generations() is [var newest, ..] ? newest : 0) + 1;
        var name = FileOf(generation);
        long bytes;
        try
        {
            using var file = files.Create(name + Unfinished);
            var writer = new CheckpointWriter(file, id);
            await write(writer);
            bytes = writer.Bytes;
        }
        catch
        {
            TryDelete(name + Unfinished);
            throw;
        }

        files.Rename(name + Unfinished, name);
        files.SyncNames();
        DropOld(generation);
        return bytes;
    }

    private void DropOld(long newest)
    {
        var old = files.List().Where(name => name.EndsWith(Suffix + Unfinished) && name.StartsWith(Prefix));
        var good = Generations().Where(generation => !bad.Contains(generation) && generation <= newest).Take(Kept).ToList();

        // One that could not be read this time may be read the next, so even a bad one goes only when there are three without it.
        var past = good.Count < Kept ? [] : Generations().Where(generation => generation < good[^1]).Select(FileOf);
        foreach (var name in old.Concat(past))
        {
            TryDelete(name);
        }
    }

    // What cannot be deleted now is deleted after the next checkpoint.
    private void TryDelete(string name)
    {
        try
        {
            files.Delete(name);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
        }
    }

    private static long? GenerationOf(string name)
    {
        var isOurs = name.StartsWith(Prefix) && name.EndsWith(Suffix);
        return isOurs && long.TryParse(name.AsSpan(Prefix.Length..^Suffix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var generation)
            && name == FileOf(generation)
            ? generation : null;
    }
}

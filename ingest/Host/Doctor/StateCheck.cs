using KpiStream.Engine.Snapshots;

namespace KpiStream.Ingest.Host.Doctor;

/// <summary>What was found of a state.</summary>
/// <param name="Findings">On a line each.</param>
/// <param name="Newest">What the newest good checkpoint says of itself; null without one.</param>
/// <param name="KeyIds">The pseudonym keys of checkpoints and log.</param>
internal sealed record StateLook(IReadOnlyList<Finding> Findings, CheckpointHead? Newest, IReadOnlyCollection<string> KeyIds);

/// <summary>The folder of checkpoints: rights, room for the next one, every generation read whole, how old the newest is and how far it goes.</summary>
internal static class StateCheck
{
    private const string Check = "state";

    /// <summary>Room that must be left beside the next checkpoint: dead letters and the rest of the machine need some too.</summary>
    private const long SpareBytes = 256L << 20;

    /// <summary>A running server leaves a checkpoint about so often; one this much older means that it cannot.</summary>
    private const int MissedCheckpoints = 10;

    public static StateLook Look(LoadedSettings loaded, StatePlan? plan, TimeProvider time)
    {
        var folder = plan?.Folder ?? StateFolder.Of(loaded.Settings);
        var generations = Generations(folder).ToList();
        var newest = generations.Find(one => one.Damage.Length == 0)?.Head;
        var keys = generations.Select(one => one.Head?.Terms.KeyId).OfType<string>().Where(id => id.Length > 0).Concat(LogKeys(loaded.Settings))
            .Distinct().ToList();
        return new StateLook([FolderOf(folder, FolderProbe.Of(folder), generations.Select(one => one.Bytes).DefaultIfEmpty().Max()),
            .. Checkpoints(generations, folder, plan), .. Newest(newest, loaded, folder, plan, time)], newest, keys);
    }

    /// <param name="probe">What was found of it.</param>
    /// <param name="largestBytes">The size of the largest checkpoint; the next one may be half as large again.</param>
    internal static Finding FolderOf(string folder, FolderProbe probe, long largestBytes)
    {
        var wanted = (largestBytes * 3 / 2) + SpareBytes;
        return probe.Error.Length > 0
            ? Finding.Problem(Check, $"{folder} cannot be written ({probe.Error}): give this user the right, mount it writable, or name another folder.",
                ExitCode.Unavailable)
            : probe.FreeBytes < wanted
                ? Finding.Problem(Check, $"{folder} has {Size(probe.FreeBytes)} of free disk, and the next checkpoint wants {Size(wanted)}: make room.",
                    ExitCode.Unavailable)
                : Finding.Ok(Check, $"{folder} can be written, {Size(probe.FreeBytes)} "
                    + $"free{(FolderProbe.IsHeld(Path.Combine(folder, "state.lock")) ? ", in use by a running program" : "")}");
    }

    private static IEnumerable<Finding> Checkpoints(List<Generation> generations, string folder, StatePlan? plan)
    {
        if (generations.Count == 0 && plan is not null)
        {
            yield return Finding.Warning("checkpoints", $"{folder} holds none: the next start reads everything from its beginning.");
        }

        foreach (var one in generations)
        {
            yield return one.Damage.Length == 0
                ? Finding.Ok("checkpoints", $"{one.Name} is good: {one.Head!.Cases:N0} cases, {Size(one.Bytes)}")
                : Finding.Warning("checkpoints", $"{one.Name} is damaged ({one.Damage}): a start takes the one before it; see to the disk.");
        }

        if (generations.Count > 0 && generations.TrueForAll(one => one.Damage.Length > 0))
        {
            yield return Finding.Problem("checkpoints",
                $"none in {folder} is good: put them aside and see to the disk; a start would read everything from its beginning.", ExitCode.Damaged);
        }
    }

    private static IEnumerable<Finding> Newest(CheckpointHead? newest, LoadedSettings loaded, string folder, StatePlan? plan, TimeProvider time)
    {
        if (newest is null)
        {
            yield break;
        }

        var made = DateTimeOffset.FromUnixTimeMilliseconds(newest.MadeAt);
        var age = time.GetUtcNow() - made;
        var isOld = FolderProbe.IsHeld(Path.Combine(folder, "state.lock")) && plan is not null
            && age > MissedCheckpoints * plan.Every + TimeSpan.FromMinutes(1);
        var text = string.Create(CultureInfo.InvariantCulture, $"the newest was cut at {made:yyyy-MM-ddTHH:mm:ssZ}, next "
            + $"{string.Join(", ", newest.Sources.SelectMany(source => source.Places.Parts.Select(part => $"{part.Part}:{part.Next}")).Take(20))}");
        yield return age < TimeSpan.Zero
            ? Finding.Warning("checkpoints", $"{text}: that is in the future, so this machine's clock has gone back; set it right.")
            : isOld ? Finding.Warning("checkpoints", $"{text}: the running program has left none since; look at what it says on standard error.")
            : Finding.Ok("checkpoints", text);
        if (newest.Terms.RulebookHash != loaded.Rulebook.Hash || newest.Terms.Units != loaded.Units.Version)
        {
            yield return Finding.Warning("checkpoints", $"they were made under rulebook {newest.Terms.Rulebook} and units {newest.Terms.Units}, others than "
                + "now: the next start counts the figures again from the cases.");
        }
    }

    private static IEnumerable<Generation> Generations(string folder)
    {
        var files = StateFiles.ToLookAt(folder);
        var store = new CheckpointStore(files);
        return TryList(store).Select(generation => Read(folder, CheckpointStore.FileOf(generation), () => store.Open(generation)));
    }

    private static IReadOnlyList<long> TryList(CheckpointStore store)
    {
        try
        {
            return store.Generations();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return []; // that the folder cannot be used is said of the folder
        }
    }

    private static Generation Read(string folder, string name, Func<CheckpointReader> open)
    {
        try
        {
            using var reader = open();
            var head = reader.ReadHead();
            var codes = new SavedCodes(new CodeBook());
            while (reader.ReadCases(codes) is { } cases)
            {
                cases.Return();
            }

            var damage = reader.Damage.Length > 0 ? reader.Damage : reader.End?.Cases != head?.Cases ? "it holds another number of cases than it says" : "";
            return new Generation(name, head, new FileInfo(Path.Combine(folder, name)).Length, damage);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new Generation(name, null, 0, failure.Message);
        }
    }

    private static IEnumerable<string> LogKeys(Settings settings) =>
        settings.Log is not { } log ? [] : LogFolder.Inputs(log.Folder).Select(input => RecordingInput.KeyIdOf(input.Name)).OfType<string>()
            .Where(id => id.Length > 0);

    private static string Size(long bytes) => $"{bytes / 1e6:N0} MB";

    private sealed record Generation(string Name, CheckpointHead? Head, long Bytes, string Damage);
}

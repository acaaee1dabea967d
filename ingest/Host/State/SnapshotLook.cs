using KpiStream.Engine.Snapshots;

namespace KpiStream.Ingest.Host.State;

/// <summary>Looks at checkpoints without an engine; a program that is writing others is not disturbed.</summary>
internal static class SnapshotLook
{
    private static readonly JsonSerializerOptions Format = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Prints what the checkpoints say of themselves.</summary>
    public static Task<int> InspectAsync(string path, bool json) => EachAsync(path, (name, reader) =>
    {
        var head = reader.ReadHead();
        if (head is null)
        {
            return Damaged(name, reader.Damage);
        }

        Terminal.Result(json ? JsonSerializer.Serialize(new { file = name, head }, Format) : Describe(name, head));
        return ExitCode.Ok;
    });

    /// <summary>Reads the checkpoints whole.</summary>
    public static Task<int> VerifyAsync(string path, bool json, CancellationToken stop) => EachAsync(path, (name, reader) =>
    {
        var head = reader.ReadHead();
        var codes = new SavedCodes(new CodeBook());
        var read = 0L;
        while (reader.ReadCases(codes) is { } cases)
        {
            stop.ThrowIfCancellationRequested();
            read += cases.Count;
            cases.Return();
        }

        var isGood = reader.End is not null && read == head?.Cases;
        var what = isGood ? "good" : reader.Damage.Length > 0 ? reader.Damage : "it holds another number of cases than it says";
        if (json)
        {
            Terminal.Result(JsonSerializer.Serialize(
                new { file = name, good = isGood, damage = isGood ? null : what, cases = read, fingerprint = reader.End?.Fingerprint }, Format));
        }
        else if (isGood)
        {
            Terminal.Result($"{name} is good: {read:N0} cases, fingerprint {reader.End!.Fingerprint}.");
        }

        return isGood ? ExitCode.Ok : Damaged(name, what);
    });

    private static async Task<int> EachAsync(string path, Func<string, CheckpointReader, int> look)
    {
        try
        {
            var files = Directory.Exists(path)
                ? new CheckpointStore(StateFiles.ToLookAt(path)).Generations()
                    .Select(generation => Path.Combine(path, CheckpointStore.FileOf(generation))).ToList()
                : [path];
            if (files.Count == 0)
            {
                Terminal.Say($"{path} holds no checkpoint: give the folder of a --state.");
                return ExitCode.Unavailable;
            }

            return files.Max(file =>
            {
                using var reader = new CheckpointReader(File.OpenRead(file));
                return look(file, reader);
            });
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Terminal.Say($"{error.Message} Check the path.");
            return ExitCode.Unavailable;
        }
    }

    private static int Damaged(string name, string damage)
    {
        Terminal.Say($"{name} is damaged: {damage}; a start takes the checkpoint before it.");
        return ExitCode.Damaged;
    }

    private static string Describe(string name, CheckpointHead head)
    {
        var lines = new List<string>
        {
            name,
            $"  made         {DateTimeOffset.FromUnixTimeMilliseconds(head.MadeAt):yyyy-MM-ddTHH:mm:ssZ} by {head.Terms.Program}",
            $"  cases        {head.Cases:N0} of {head.Shards} shards",
            $"  applied      {head.Applied:N0}, duplicates {head.Duplicates:N0}",
            $"  rulebook     {head.Terms.Rulebook} ({head.Terms.RulebookHash})",
            $"  directory    {head.Terms.Units}",
            $"  key          {head.Terms.KeyId}",
            $"  options      {head.Terms.Options}",
        };
        foreach (var source in head.Sources)
        {
            lines.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"  {source.Name}: {source.Intake.Accepted:N0} accepted, {source.Intake.Rejected.Values.Sum():N0} rejected, {source.Intake.Late:N0} late, "
                    + $"{source.Places.Skipped:N0} passed over"));
            lines.AddRange(source.Places.Parts.Select(place => $"    part {place.Part}: next {place.Next}{(place.Bytes > 0 ? $", byte {place.Bytes}" : "")}"));
        }

        return string.Join('\n', lines);
    }
}

using System.Reflection;
using System.Security.Cryptography;

namespace KpiStream.Ingest.Host.State;

/// <summary>Says of a run under what its checkpoints are made, so that a later one knows whether they are its own.</summary>
internal static class CheckpointIdentity
{
    private static readonly string Program =
        typeof(CheckpointIdentity).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    /// <summary>The terms of an engine. Shards, periods and now are none of them: cases are routed and counted again.</summary>
    public static CheckpointTerms Of(EngineOptions options) => new(
        Program, options.PseudonymKey.Id, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Describe(options)))),
        $"{options.Rulebook.Id} {options.Rulebook.Version}", HashOf(options.Rulebook), options.Directory.Version);

    /// <summary>What decides how cases are counted: the rulebook's text, and what completes it from other files.</summary>
    private static string HashOf(Rulebook rulebook)
    {
        var isCompleted = rulebook.Lists.Any(list => list.IsOfCatalogue) || !Written(rulebook.Calendar).SequenceEqual(Written(Shipped.Calendar));
        var text = string.Join('\n', [
            rulebook.Hash, .. rulebook.Lists.Where(list => list.IsOfCatalogue).Select(list => $"{list.Name}: {string.Join(' ', list.Procedures)}"),
            .. Written(rulebook.Calendar),
        ]);
        return isCompleted ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))) : rulebook.Hash;
    }

    /// <summary>What figures go by: neither a day's name nor how certain it is, so a holiday that is announced keeps the checkpoints.</summary>
    private static IEnumerable<string> Written(WorkingCalendar calendar) => calendar.Days.Select(static day => $"{day.Date:yyyy-MM-dd} {day.IsWorked}");

    /// <summary>Everything that decides which records are accepted, what they say and which of them are late.</summary>
    private static string Describe(EngineOptions options)
    {
        var text = new StringBuilder();
        text.Append($"record {options.Limits.MaxRecordBytes}\nfuture {options.Limits.FutureTolerance}\nlate {options.LateAfter}\n");
        text.AppendJoin(null, options.Limits.KnownSources.Order().Select(source => $"source {source}\n"));
        text.AppendJoin(null, options.Profiles.BySource.OrderBy(entry => entry.Key)
            .Select(entry => $"profile {entry.Key} {Name(entry.Value)}\n"));
        if (options.Profiles.All is { } all)
        {
            text.Append($"profile {Name(all)}\n");
        }

        // Profiles find units by their names.
        return options.Profiles.All is null && options.Profiles.BySource.Count == 0 ? text.ToString() : text.Append(options.Directory.Version).ToString();
    }

    private static string Name(SourceProfile profile) => $"{profile.Id} {profile.Version} {profile.Hash}";
}

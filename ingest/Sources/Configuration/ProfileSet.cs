using KpiStream.Ingest.Sources.Configuration.Rules;
using KpiStream.Ingest.Sources.Configuration.Text;

namespace KpiStream.Ingest.Sources.Configuration;

/// <summary>The profiles chosen, loaded and sound. Immutable.</summary>
public sealed class ProfileSet
{
    /// <summary>Everything is native.</summary>
    public static readonly ProfileSet Empty = new([]);

    private readonly IReadOnlyList<(ProfileChoice Choice, SourceProfile Profile)> loaded;

    private ProfileSet(IReadOnlyList<(ProfileChoice Choice, SourceProfile Profile)> loaded) => this.loaded = loaded;

    /// <summary>Loads all of them, so that a mistake in any stops the start; null when <paramref name="problems"/> got any.</summary>
    /// <param name="choices">What was chosen, paths resolved.</param>
    /// <param name="problems">Gets every mistake found.</param>
    public static ProfileSet? Load(IReadOnlyList<ProfileChoice> choices, ICollection<ConfigProblem> problems)
    {
        var before = problems.Count;
        foreach (var twice in choices.GroupBy(choice => (choice.Topic, choice.Source)).Where(group => group.Count() > 1))
        {
            problems.Add(new ConfigProblem(twice.First().Profile, 0, "profiles", $"{twice.Key.Topic ?? twice.Key.Source} is given two profiles; keep one"));
        }

        var read = choices.Select(choice => (choice, profile: ProfileFile.Load(choice.Profile, problems))).ToList();
        return problems.Count > before ? null : new ProfileSet([.. read.Select(entry => (entry.choice, entry.profile!))]);
    }

    /// <summary>The ids <see cref="Find"/> knows: the shipped profiles and those loaded.</summary>
    public IReadOnlyList<string> Ids => [.. Shipped.ProfileNames.Union(loaded.Select(entry => entry.Profile.Id))];

    /// <summary>A profile by its id, a loaded one before a shipped one; null when there is none.</summary>
    public SourceProfile? Find(string id) =>
        loaded.FirstOrDefault(entry => entry.Profile.Id == id).Profile ?? (Shipped.ProfileNames.Contains(id) ? Shipped.Profile(id) : null);

    /// <summary>The ids of the profiles that take <c>at</c> from the record's timestamp, and have none for a record without one.</summary>
    public IReadOnlyList<string> NeedArrivals =>
        [.. loaded.Select(entry => entry.Profile).Where(profile => profile is { AtIsArrival: true, AtWithoutArrival: DecodeLimits.UnknownArrival })
            .Select(profile => profile.Id)];

    /// <summary>The same profiles, with another <c>at</c> where theirs is the record's timestamp.</summary>
    /// <param name="key">The payload's key that states it; null to leave that.</param>
    /// <param name="otherwise">What it is where a record has no timestamp, milliseconds; null to leave that.</param>
    public ProfileSet WithAt(string? key, long? otherwise) =>
        new([.. loaded.Select(entry => (entry.Choice, entry.Profile.AtIsArrival ? WithAt(entry.Profile, key, otherwise) : entry.Profile))]);

    /// <summary>How the records of a topic are read.</summary>
    /// <param name="topic">The topic; null for records that come from none.</param>
    /// <param name="units">Finds units by name.</param>
    public SourceProfiles Of(string? topic, IUnitNames units) => new()
    {
        All = loaded.FirstOrDefault(entry => entry.Choice.Source is null && entry.Choice.Topic == topic).Profile,
        BySource = loaded.Where(entry => entry.Choice.Source is not null)
            .ToDictionary(entry => entry.Choice.Source!, entry => entry.Profile),
        Units = units,
    };

    /// <summary>The hash says what was changed too: a state counted with another time is another state.</summary>
    private static SourceProfile WithAt(SourceProfile profile, string? key, long? otherwise) => key is not null
        ? profile with
        {
            AtIsArrival = false,
            Rules = [.. profile.Rules, new DateRule(CaseKey.At, key, profile.Dates)],
            Hash = $"{profile.Hash}, at from {key}"
        }
        : otherwise is { } at ? profile
            with
        { AtWithoutArrival = at, Hash = $"{profile.Hash}, at {at}" } : profile;
}

using KpiStream.Ingest.Sources.Configuration.Text;
using KpiStream.Ingest.Sources.Generation;
using KpiStream.Ingest.Sources.Loads;
using YamlDotNet.RepresentationModel;

namespace KpiStream.Ingest.Sources.Configuration.Loads;

/// <summary>Reads a file of load plans; every mistake is named with its line and key.</summary>
public static class LoadPlanYaml
{
    private const int MostPlans = 100;

    /// <summary>All plans in the file's order; null when <paramref name="problems"/> got any.</summary>
    /// <param name="file">For messages.</param>
    public static IReadOnlyList<LoadPlan>? Parse(string file, string text, ICollection<ConfigProblem> problems)
    {
        var log = new ProblemLog(file, problems);
        if (YamlText.Parse(text, log) is not { } root)
        {
            return null;
        }

        var sections = root.Sections("plans", mayBeEmpty: false);
        root.Require("plans");
        root.Close();
        if (sections.Count > MostPlans)
        {
            root.Report("plans", $"has {sections.Count} plans, and {MostPlans} are the most");
        }

        var plans = sections.Select(Plan).ToList();
        foreach (var same in plans.GroupBy(plan => plan.Name).Where(same => same.Count() > 1))
        {
            root.Report("plans", $"{same.Count()} plans are called '{same.Key}': give each a 'name' of its own");
        }

        return log.IsEmpty ? plans : null;
    }

    private static LoadPlan Plan(YamlSection section)
    {
        var usual = new LoadPlan();
        var generate = section.Section("generate");
        var sources = section.Find("source") is YamlScalarNode ? [section.Text("source")!] : section.Texts("source", mayBeEmpty: false);
        if ((generate is null) == (sources.Count == 0))
        {
            section.Report(generate is null ? "source" : "generate", "a plan has either 'source', one file or a list of them, or 'generate'");
        }

        var plan = new LoadPlan
        {
            Name = section.RequiredText("name") ?? usual.Name,
            Sources = sources,
            Generate = generate is null ? null : Generation(generate),
            Target = Target(section) ?? usual.Target,
            Bootstrap = section.Text("bootstrap"),
            Partitions = section.Integer("partitions", 1, 1_000) ?? usual.Partitions,
            ApiKeyFile = section.Text("api_key"),
            Pace = PaceYaml.Read(section, usual.Pace) ?? usual.Pace,
            From = Instant(section, "from"),
            Until = Instant(section, "until"),
            Loop = section.Integer("loop", 1, 10_000) ?? usual.Loop,
            ShiftToNow = section.Flag("shift_to_now") ?? usual.ShiftToNow,
            Provinces = section.Integer("provinces", 1, 100) ?? usual.Provinces,
            Dirty = section.Section("dirty") is { } dirty ? Dirty(dirty) : usual.Dirty,
            Seed = (ulong?)section.Integer("seed", 0, int.MaxValue) ?? usual.Seed,
            Units = section.Text("units") ?? usual.Units,
            Shards = section.Integer("shards", 1, StreamEngine.MaxShards) ?? usual.Shards,
            WarmUp = Duration(section, "warm_up") ?? usual.WarmUp,
            SenderLag = Duration(section, "sender_lag") ?? usual.SenderLag,
            Stall = section.Section("stall") is { } stall ? Stall(stall) : null,
            Goals = Goals(section),
        };
        if (plan.From >= plan.Until)
        {
            section.Report("until", "must be after 'from'");
        }

        section.Close();
        return plan;
    }

    private static LoadGeneration Generation(YamlSection section)
    {
        var generation = new LoadGeneration(
            section.Integer("events", 1, int.MaxValue) ?? 100_000, (ulong)(section.Integer("seed", 0, int.MaxValue) ?? 1),
            section.Word<GenerateProfile>("profile") ?? GenerateProfile.Mixed, section.Date("start") ?? GenerateOptions.DefaultStart,
            section.Integer("cases_per_day", 0, 1_000_000_000) ?? 0);
        section.Close();
        return generation;
    }

    private static string? Target(YamlSection section)
    {
        if (section.Text("to") is not { } text || LoadTargets.IsKnown(text))
        {
            return section.Text("to");
        }

        section.Report("to", LoadTargets.Refusal(text));
        return null;
    }

    private static DirtyRates Dirty(YamlSection section)
    {
        int Millionths(string key) => (int)Math.Round((section.Ratio(key) ?? 0) * DirtyRates.Whole);
        var rates = new DirtyRates(Millionths("malformed"), Millionths("duplicate"), Millionths("late"), Millionths("future"), Millionths("huge"));
        section.Close();
        if (rates.Sum > DirtyRates.Whole)
        {
            section.Report("malformed", "all rates together are more than 100 %");
        }

        return rates;
    }

    private static LoadStall? Stall(YamlSection section)
    {
        var (after, length) = (Duration(section, "after"), Duration(section, "for"));
        section.Require("after");
        section.Require("for");
        section.Close();
        return after is { } start && length is { } during ? new LoadStall(start, during) : null;
    }

    private static List<LoadGoal> Goals(YamlSection section)
    {
        var goals = new List<LoadGoal>();
        foreach (var (path, node) in section.List("expect"))
        {
            if (node is YamlScalarNode { Value: { } text } && LoadGoal.TryParse(text) is { } goal)
            {
                goals.Add(goal);
            }
            else
            {
                section.Log.Add(node, path, $"is not understood: write it like {LoadGoal.Examples}");
            }
        }

        return goals;
    }

    private static long? Instant(YamlSection section, string key)
    {
        if (section.Text(key) is not { } text)
        {
            return null;
        }

        if (DayOrInstant.Parse(text) is { } instant)
        {
            return instant;
        }

        section.Report(key, $"must be {DayOrInstant.Form}, not '{text}'");
        return null;
    }

    private static TimeSpan? Duration(YamlSection section, string key)
    {
        if (section.Text(key) is not { } text)
        {
            return null;
        }

        if (DurationText.TryParse(text, null, out var duration) && duration <= TimeSpan.FromDays(1))
        {
            return duration;
        }

        section.Report(key, $"must be a duration up to 1d, like {DurationText.Examples}, not '{text}'");
        return null;
    }
}

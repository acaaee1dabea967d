using KpiStream.Ingest.Sources.Configuration.Text;

namespace KpiStream.Ingest.Sources.Configuration.Loads;

/// <summary>Loads a file of load plans. Paths in it are meant from where the file lies.</summary>
public static class LoadPlanFile
{
    private const string Advice = "give a file of plans";

    /// <summary>The plans in the file's order; null when <paramref name="problems"/> got any.</summary>
    public static IReadOnlyList<LoadPlan>? Load(string path, ICollection<ConfigProblem> problems) =>
        ConfigText.TryRead(path, Advice, problems) is { } text && LoadPlanYaml.Parse(path, text, problems) is { } plans
            ? [.. plans.Select(plan => In(plan, Path.GetDirectoryName(path) ?? ""))] : null;

    private static LoadPlan In(LoadPlan plan, string folder) => plan with
    {
        Sources = [.. plan.Sources.Select(source => Path.Combine(folder, source))],
        Units = Rules.Shipped.UnitNames.Contains(plan.Units) ? plan.Units : Path.Combine(folder, plan.Units),
        ApiKeyFile = plan.ApiKeyFile is { } key ? Path.Combine(folder, key) : null,
    };
}

using KpiStream.Ingest.Sources.Configuration.Text;

namespace KpiStream.Ingest.Sources.Configuration.Rules;

/// <summary>
/// The files that come with the program: a rulebook, a working calendar, three unit directories, a settings file with every default written out.
/// </summary>
public static class Shipped
{
    /// <summary>The names <see cref="Units"/> knows: Hưng Yên, Sơn La, and the nation.</summary>
    public static readonly IReadOnlyList<string> UnitNames = ["hungyen", "sonla", "vn"];

    /// <summary>The shipped rulebook.</summary>
    public static Rulebook Rulebook() => Sound(RulebookYaml.Parse, "rulebook.yaml");

    /// <summary>Viet Nam's public offices: the days that are closed or worked against their weekday.</summary>
    public static WorkingCalendar Calendar { get; } = Sound(CalendarFile.Parse, "calendar-vn.csv");

    /// <summary>A shipped unit directory.</summary>
    /// <param name="name">One of <see cref="UnitNames"/>.</param>
    public static UnitDirectory Units(string name) => Sound(UnitFile.Parse, $"units-{name}.csv");

    /// <summary>The names <see cref="Profile"/> knows: the national exchange payload, and a vendor with twenty statuses of its own.</summary>
    public static readonly IReadOnlyList<string> ProfileNames = ["national", "twenty"];

    /// <summary>A shipped source profile.</summary>
    /// <param name="name">One of <see cref="ProfileNames"/>.</param>
    public static SourceProfile Profile(string name) => Sound(ProfileYaml.Parse, $"profile-{name}.yaml");

    public static string Text(string file)
    {
        using var stream = typeof(Shipped).Assembly.GetManifestResourceStream(file)
            ?? throw new ArgumentException($"'{file}' is not a shipped file", nameof(file));
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>A mistake in a shipped file is a bug of ours, not the operator's.</summary>
    private static T Sound<T>(Func<string, string, ICollection<ConfigProblem>, T?> parse, string file)
        where T : class
    {
        var problems = new List<ConfigProblem>();
        return parse(file, Text(file), problems) ?? throw new InvalidOperationException(string.Join('\n', problems));
    }
}

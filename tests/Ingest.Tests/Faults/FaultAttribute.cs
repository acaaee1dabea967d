using Xunit.v3;

namespace KpiStream.Ingest.Tests.Faults;

/// <summary>Makes a test a row of <c>tests/FAULTS.md</c>.</summary>
/// <param name="kind">One of <see cref="FaultKinds.All"/>.</param>
/// <param name="holds">What must hold all the same; the test fails when it does not.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class FaultAttribute(string kind, string done, string holds) : Attribute, ITraitAttribute
{
    public string Kind { get; } = kind;

    public string Done { get; } = done;

    public string Holds { get; } = holds;

    /// <summary>Lets the rows of the fault matrix be run by themselves: <c>Category=Fault</c>.</summary>
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("Category", "Fault")];
}

/// <summary>What a test of a fault has seen goes into the last column of its row.</summary>
internal static class Seen
{
    public const string Mark = "seen: ";

    public static void Say(ITestOutputHelper output, FormattableString what) =>
        output.WriteLine(Mark + what.ToString());
}

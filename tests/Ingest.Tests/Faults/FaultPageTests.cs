namespace KpiStream.Ingest.Tests.Faults;

/// <summary>The fault matrix as a page: as many kinds as were promised, and what it says is what the tests declare.</summary>
public sealed class FaultPageTests
{
    /// <summary>Set by <c>tests/run --faults</c> to the results of a run, of which the page is then made.</summary>
    private const string ResultsVariable = "KPISTREAM_FAULT_RESULTS";

    private static readonly string Page = RepositoryRoot.File("tests/FAULTS.md");

    [Fact]
    public async Task ThePage_SaysWhatTheTestsDeclare()
    {
        if (Environment.GetEnvironmentVariable(ResultsVariable) is { Length: > 0 } results)
        {
            await File.WriteAllTextAsync(Page, FaultPage.Write(results));
        }

        Assert.Equal(FaultPage.Rows().Select(static row => row.Declared), FaultPage.DeclaredIn(await File.ReadAllTextAsync(Page)));
    }

    [Fact]
    public void TheMatrix_HasTheKindsThatWerePromised()
    {
        var kinds = FaultPage.Rows().Select(static row => row.Fault.Kind).ToHashSet();
        Assert.Empty(kinds.Except(FaultKinds.All));
        Assert.InRange(kinds.Count, FaultKinds.Least, FaultKinds.All.Count);
    }

    [Fact]
    public void EveryRow_IsATestThatRuns() => Assert.All(
        FaultPage.Rows(), static row =>
            Assert.False(row.Declared.Contains('\n') || row.Fault.Done.Contains('|')));
}

using System.Text.Json.Nodes;

namespace KpiStream.Ingest.Tests.Host.Load;

/// <summary>The example plans, each in its short form: real target, real board, real recount, two thousand events.</summary>
public sealed class ExamplePlanTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task EveryExamplePlan_IsRehearsedAndItsAnswerIsRight()
    {
        var report = folder.File("r.json");
        var run = await CommandRun.OfAsync("load", "run", RepositoryRoot.File("bench/loads.yaml"), "--rehearse", "--report", report);

        var plans = JsonNode.Parse(await File.ReadAllTextAsync(report))!.AsArray();
        Assert.Equal(
            ["ordinary-monday", "first-of-july", "tet-eve", "outage-and-catch-up", "whole-country", "soak-of-a-week", "half-of-the-sustained-rate"],
            plans.Select(plan => (string)plan!["name"]!));
        foreach (var plan in plans)
        {
            // A machine that is busy with other tests may make a run void: then its times say nothing, and its answer is right all the same.
            Assert.True((string)plan!["verdict"]! is "ok" or "void", $"{plan["name"]}: {plan["reasons"]}\n{run.Errors}");
            Assert.Equal("equal", (string)plan["answer"]!["verdict"]!);
            Assert.InRange((long)plan["sent"]!, 1_000, 2_500);
            Assert.Equal((long)plan["sent"]!, (long)plan["received"]!);
        }
    }
}

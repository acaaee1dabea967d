namespace KpiStream.Engine.Tests.Architecture;

/// <summary>Pages lead to what is there: from README to any rule without a dead end; and each rule shown to find what it is there for.</summary>
public sealed class PlaceTests
{
    [Fact]
    public void Links_LeadSomewhere() => ArchitectureTests.AssertNothing(PlaceRules.Links);

    [Fact]
    public void PathsInBackticks_Exist() => ArchitectureTests.AssertNothing(PlaceRules.Paths);

    [Theory]
    [InlineData("README.md", "see [the engine](engine/README.md)", false)]
    [InlineData("README.md", "see [the engine](engine/REEDME.md)", true)]
    [InlineData("README.md", "see [decisions](engine/README.md#decisions)", false)]
    [InlineData("README.md", "see [decisions](engine/README.md#decision)", true)]
    [InlineData("engine/README.md", "see [here](#one-two)\n## One two", false)]
    [InlineData("engine/README.md", "see [here](#one-two)\n## One, three", true)]
    [InlineData("engine/README.md", "see [bench](../bench/README.md)", false)]
    [InlineData("engine/README.md", "see [the net](https://example.org/a)", false)]
    public void ALinkToNowhere_IsFound(string path, string text, bool found) => ArchitectureTests.AssertFinds(PlaceRules.Links, path, text, found);

    [Theory]
    [InlineData("README.md", "`engine/Pipeline/Shard`", false)]
    [InlineData("README.md", "`engine/Pipeline/Sharp`", true)]
    [InlineData("engine/README.md", "`Pipeline/Shard`", false)]
    [InlineData("engine/README.md", "`Pipeline/Sharp`", true)]
    [InlineData("README.md", "`Pipeline/Sharp` and `a/b`", false)]
    public void APathToNowhere_IsFound(string path, string text, bool found) => ArchitectureTests.AssertFinds(PlaceRules.Paths, path, text, found);
}

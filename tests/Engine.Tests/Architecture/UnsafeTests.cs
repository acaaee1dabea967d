using Xunit;

namespace KpiStream.Engine.Tests.Architecture;

/// <summary>Pointers are used where that is said, and nowhere else.</summary>
public sealed class UnsafeTests
{
    [Fact]
    public void UnsafeCode_StaysInItsFolders() => Assert.Empty(SourceFile.Tree.SelectMany(UnsafeRules.Keyword));

    [Theory]
    [InlineData("ingest/Kafka/A.cs", "unsafe class A { }", true)]
    [InlineData("ingest/Kafka/A.cs", "class A { void B() { unsafe { } } }", true)]
    [InlineData("ingest/Kafka/Native/A.cs", "unsafe class A { }", false)]
    [InlineData("tests/Support/A.cs", "unsafe class A { }", true)]
    [InlineData("engine/Time/A.cs", "class A { /* unsafe */ }", false)]
    public void UnsafeCodeElsewhere_IsFound(string path, string text, bool found) =>
        Assert.Equal(found, UnsafeRules.Keyword(new SourceFile(path, text)).Any());
}

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

    [Fact]
    public void UncheckedReading_StaysInItsFolders() => Assert.Empty(SourceFile.Tree.SelectMany(UnsafeRules.Reading));

    [Theory]
    [InlineData("engine/Codecs/A.cs", "class A { int B(ref int c) => Unsafe.Add(ref c, 1); }", true)]
    [InlineData("engine/Codecs/A.cs", "class A { object B(ref byte c) => Vector128.LoadUnsafe(ref c); }", true)]
    [InlineData("engine/Codecs/Fast/A.cs", "class A { int B(ref int c) => Unsafe.Add(ref c, 1); }", false)]
    [InlineData("tests/Support/A.cs", "class A { int B(ref int c) => Unsafe.Add(ref c, 1); }", false)]
    public void UncheckedReadingElsewhere_IsFound(string path, string text, bool found) =>
        Assert.Equal(found, UnsafeRules.Reading(new SourceFile(path, text)).Any());
}

using KpiStream.Engine.Tests.Codecs.Fast;

namespace KpiStream.Engine.Tests.Budgets;

/// <summary>Bytes allocated per event against bench/budgets.json.</summary>
[Trait("Category", "Budget")]
public sealed class AllocationBudgetTests
{
    private const int Events = 10_000;

    [Fact]
    public void DecodingOrdinaryEvents_StaysWithinItsBudget() => CheckDecoding("decode.json.ordinary", GoldenFiles.Lines("ordinary"));

    [Fact]
    public void DecodingOddButLegalEvents_StaysWithinItsBudget() => CheckDecoding("decode.json.mixed", GoldenFiles.Lines("mixed"));

    [Theory]
    [InlineData("recorded")]
    [InlineData("compact")]
    [InlineData("map")]
    public void DecodingMessagePack_StaysWithinItsBudget(string form)
    {
        CheckDecoding($"decode.{form}.ordinary", PackedEvents.Of(form, "ordinary"), PackedEvents.Decoder(form, new CodeBook(), DecodeLimits.Default));
        CheckDecoding($"decode.{form}.mixed", PackedEvents.Of(form, "mixed"), PackedEvents.Decoder(form, new CodeBook(), DecodeLimits.Default));
    }

    [Fact]
    public void AnAllocationOverTheBudget_IsReported()
    {
        Assert.Null(AllocationBudgets.Judge("x", 0, 10, 0));
        Assert.Null(AllocationBudgets.Judge("x", 100, 10, 10));
        Assert.Contains("0.1 over the budget of 10", AllocationBudgets.Judge("x", 101, 10, 10));
        Assert.Contains("no budget named nothing", AllocationBudgets.Check("nothing", 1, () => { }));
        object? kept = null;
        Assert.Contains("decode.json.ordinary", AllocationBudgets.Check("decode.json.ordinary", 1, () => kept = new object()));
        Assert.NotNull(kept);
    }

    private static void CheckDecoding(string budget, IReadOnlyList<byte[]> lines) =>
        CheckDecoding(budget, lines, new EventDecoder(new CodeBook(), PseudonymKey.Fixed, DecodeLimits.Default));

    private static void CheckDecoding(string budget, IReadOnlyList<byte[]> lines, IEventDecoder decoder)
    {
        byte[][] accepted = [.. lines.Where(line => decoder.Decode(line, DecodeLimits.UnknownArrival, out _).IsAccepted)];
        var wrong = 0;
        Assert.Null(AllocationBudgets.Check(budget, Events, () =>
        {
            for (var i = 0; i < Events; i++)
            {
                wrong += decoder.Decode(accepted[i % accepted.Length], DecodeLimits.UnknownArrival, out _).IsAccepted ? 0 : 1;
            }
        }));
        Assert.Equal(0, wrong);
    }
}

namespace KpiStream.Engine.Tests.Budgets;

/// <summary>Bytes allocated per event on the way from a record to the figures, once everything has grown to its size.</summary>
[Trait("Category", "Budget")]
public sealed class PipelineBudgetTests
{
    /// <summary>Enough attempts for every batch that may be under way at once to have been made, and for code to be compiled for good.</summary>
    private const int Attempts = 40;

    private readonly EngineOptions options = new()
    {
        Rulebook = Shipped.Rulebook(),
        Directory = Shipped.Units("hungyen"),
        Sliding = [Period.TryParse("1h")!, Period.TryParse("2h")!],
        NowFollowsEvents = true,
    };

    [Theory]
    [InlineData("fold.ordinary", "ordinary")]
    [InlineData("fold.mixed", "mixed")]
    public void FoldingAndCounting_StaysWithinItsBudget(string budget, string stream)
    {
        var state = new ShardState(options, new CompiledRulebook(options.Rulebook), new UnitSuccessors(options.Codes.Units, options.Directory));
        var batches = Batches(GoldenFiles.Lines(stream));
        var events = batches.Sum(batch => batch.Count);

        // An hour of the stream's day passes with every round, so that pages of seconds come and go; the day's cells stay.
        const int WarmUp = 4, Rounds = 4;
        for (var round = 0; round < WarmUp; round++)
        {
            Pass(state, batches);
        }

        // Code that is still being compiled better, which a busy machine does late, may allocate where it will not.
        var (attempts, passes) = (0, WarmUp);
        string? verdict;
        do
        {
            attempts++;
            verdict = AllocationBudgets.Check(budget, Rounds * events, () =>
            {
                for (var round = 0; round < Rounds; round++, passes++)
                {
                    Pass(state, batches);
                }
            });
        }
        while (verdict is not null && attempts < Attempts);
        Assert.Null(verdict);
        Assert.Equal(passes * events, state.Applied);
    }

    [Fact]
    public async Task DecodingAndRouting_StaysWithinItsBudget()
    {
        await using var engine = new StreamEngine(options with { Shards = 2, QueuedBatches = 2 });
        var intake = engine.OpenIntake("budget");
        var lines = GoldenFiles.Lines("ordinary");
        var verdicts = Enumerable.Range(0, Attempts).Select(_ => AllocationBudgets.Check("intake.ordinary", lines.Count, () =>
        {
            for (var line = 0; line < lines.Count; line++)
            {
                intake.Accept(lines[line], new SourcePosition(0, line), DecodeLimits.UnknownArrival);
            }
        })).ToList();
        Assert.Contains(null, verdicts);
    }

    private List<EventBatch> Batches(IReadOnlyList<byte[]> lines)
    {
        var decoder = new EventDecoder(options.Codes, PseudonymKey.Fixed, DecodeLimits.Default);
        var batches = new List<EventBatch>();
        var number = 0;
        foreach (var line in lines)
        {
            if (!decoder.Decode(line, DecodeLimits.UnknownArrival, out var decoded).IsAccepted)
            {
                continue;
            }

            if (batches.Count == 0 || batches[^1].IsFull)
            {
                batches.Add(new EventBatch());
            }

            batches[^1].Next() = Placed(decoded, number++);
        }

        return batches;
    }

    /// <summary>The event as if all that it says had happened on one morning, the events a second apart.</summary>
    private static CaseEvent Placed(CaseEvent decoded, int number)
    {
        var at = new DateTimeOffset(2025, 7, 16, 1, 0, 0, TimeSpan.FromHours(7)).ToUnixTimeMilliseconds() + (number * 1000L);
        decoded.Stamp = new Stamp(at, number);
        decoded.Values.Filed = decoded.Values.Filed == 0 ? 0 : at;
        decoded.Values.Accepted = decoded.Values.Accepted == 0 ? 0 : at;
        decoded.Values.Ended = decoded.Values.Ended == 0 ? 0 : at;
        decoded.Values.Due = decoded.Values.Due == 0 ? 0 : at + 7_200_000;
        return decoded;
    }

    /// <summary>Folds all batches, then moves everything they say an hour on for the next time.</summary>
    private static void Pass(ShardState state, List<EventBatch> batches)
    {
        const long Hour = 3_600_000;
        foreach (var batch in batches)
        {
            var count = batch.Count;
            batch.Now = batch.Events[^1].Stamp.At;
            state.Apply(batch);
            Shift(batch, count, Hour);
        }
    }

    private static void Shift(EventBatch batch, int count, long by)
    {
        batch.Clear();
        for (var i = 0; i < count; i++)
        {
            ref var change = ref batch.Next();
            change.Stamp = change.Stamp with { At = change.Stamp.At + by };
            change.Values.Filed += change.Values.Filed == 0 ? 0 : by;
            change.Values.Accepted += change.Values.Accepted == 0 ? 0 : by;
            change.Values.Ended += change.Values.Ended == 0 ? 0 : by;
            change.Values.Due += change.Values.Due == 0 ? 0 : by;
        }
    }
}

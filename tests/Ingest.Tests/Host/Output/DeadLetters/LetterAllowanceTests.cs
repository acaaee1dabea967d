using KpiStream.Ingest.Host.Output.DeadLetters;
using KpiStream.Ingest.Tests.Sources.Generation;
using Microsoft.Extensions.Time.Testing;

namespace KpiStream.Ingest.Tests.Host.Output.DeadLetters;

/// <summary>A source of nothing but rejects, and the letters of others.</summary>
public sealed class LetterAllowanceTests
{
    private readonly FakeTimeProvider time = new(DateTimeOffset.UnixEpoch);
    private readonly List<string> said = [];
    private readonly LetterAllowance allowance;

    public LetterAllowanceTests() => allowance = new LetterAllowance(said.Add, time);

    [Fact]
    public void MoreThanAnHoursWorth_IsCountedAndSaidOnce_AndLeavesOtherSourcesAlone()
    {
        Assert.Equal(LetterAllowance.Burst, Take("flood", 1_000_000));
        Assert.Equal(1_000_000 - LetterAllowance.Burst, allowance.Omitted);
        Assert.Contains($"flood: more than {LetterAllowance.Burst} records", Assert.Single(said));
        Assert.Equal(100, Take("other", 100));
    }

    [Fact]
    public void AfterAnHour_LettersAreNotedAgain_AndItIsSaidHowManyWereNot()
    {
        Take("flood", LetterAllowance.Burst + 77);
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(LetterAllowance.Burst, Take("flood", LetterAllowance.Burst));
        Assert.Equal(2, said.Count);
        Assert.Contains("flood: 77 rejected records were counted", said[1]);
    }

    [Fact]
    public void ADayOfAFlood_LeavesAFewLettersAnHour()
    {
        var taken = 0;
        for (var minute = 0; minute < 24 * 60; minute++)
        {
            taken += Take("flood", 1_000);
            time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.InRange(taken, 24 * LetterAllowance.Burst * 9 / 10, 25 * LetterAllowance.Burst);
        Assert.Equal((24 * 60 * 1_000) - taken, allowance.Omitted);
        Assert.InRange(said.Count, 2, 24 * 60 * 2);
    }

    [Fact]
    public void AFewLettersAtATime_AreAllNoted()
    {
        for (var hour = 0; hour < 200; hour++)
        {
            Assert.Equal(5_000, Take("steady", 5_000));
            time.Advance(TimeSpan.FromHours(1));
        }

        Assert.Empty(said);
    }

    private int Take(string source, int letters) => Enumerable.Range(0, letters).Count(_ => allowance.TryTake(new DeadLetter
    {
        Source = source,
        Verdict = new Verdict(RejectReason.Malformed),
        Position = new SourcePosition(0, 1),
        Arrival = 0,
        Length = 1,
        Sha256 = [],
    }));
}

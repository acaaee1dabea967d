using KpiStream.Engine.Kpis;
using KpiStream.Engine.Pipeline;

namespace KpiStream.Engine.Tests.Pipeline;

/// <summary><see cref="ChangedCases"/> beside a queue and a set.</summary>
public sealed class ChangedCasesTests
{
    [Theory]
    [InlineData(17001)]
    [InlineData(17002)]
    [InlineData(17003)]
    public void RandomAddsAndDrops_AreThoseOfAQueueAndASet(int seed)
    {
        var random = new Random(seed);
        var wasFull = false;
        var changed = new ChangedCases();
        var expected = new Expected();
        for (var step = 0; step < 200; step++)
        {
            for (var adds = random.Next(3_000); adds > 0 && !changed.IsFull; adds--)
            {
                Add(changed, expected, random);
            }

            wasFull |= changed.IsFull;
            Assert.Equal(expected.Queue.Count == ChangedCases.Most, changed.IsFull);
            for (var left = random.Next(40) == 0 ? expected.Queue.Count : random.Next(Math.Min(900, expected.Queue.Count)); left > 0;)
            {
                left -= Take(changed, expected, left);
            }

            Assert.Equal(expected.Queue.Count, changed.Count);
            Assert.Equal(expected.Queue.Count == 0, changed.First(1, out _).IsEmpty);
        }

        Assert.True(wasFull);
    }

    private static void Add(ChangedCases changed, Expected expected, Random random)
    {
        var number = random.Next(200_000);
        Assert.Equal(expected.Numbers.Contains(number), changed.Contains(number));
        if (!changed.Contains(number))
        {
            var filed = random.NextInt64(1, long.MaxValue);
            changed.Add(number, new CaseFacts(0, 0, filed, 0, 0, 0, 0, 0, 0));
            expected.Queue.Enqueue((number, filed));
            expected.Numbers.Add(number);
        }
    }

    private static int Take(ChangedCases changed, Expected expected, int most)
    {
        var numbers = changed.First(most, out var countedAs);
        Assert.InRange(numbers.Length, 1, most);
        for (var i = 0; i < numbers.Length; i++)
        {
            Assert.Equal(expected.Queue.Dequeue(), (numbers[i], countedAs[i].FiledAt));
            expected.Numbers.Remove(numbers[i]);
        }

        var last = numbers[^1];
        changed.Drop(numbers.Length);
        Assert.False(changed.Contains(last));
        return numbers.Length;
    }

    private sealed class Expected
    {
        public Queue<(int Number, long CountedAs)> Queue { get; } = [];

        public HashSet<int> Numbers { get; } = [];
    }
}

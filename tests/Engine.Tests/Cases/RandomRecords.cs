using KpiStream.Engine.Cases;

namespace KpiStream.Engine.Tests.Cases;

/// <summary>Cases with values at and around every border of what the contract and the code book allow.</summary>
internal static class RandomRecords
{
    private const long Earliest = 946_684_800_000, Latest = 4_102_444_799_999;

    private static readonly long[] Sequences = [0, 1, (1 << 22) - 2, (1 << 22) - 1, 1 << 22, long.MaxValue];
    private static readonly int[] Codes = [0, 1, (1 << 12) - 1, 1 << 12, (1 << 19) - 1, 1 << 19, (1 << 22) - 1, 1 << 22, CodeTable.Capacity];
    private static readonly long[] Fees = [0, 1, 8_001, 1L << 19, 1L << 38, 1_000_000_000_001];

    public static CaseId Id(Random random, int cases) => new((ulong)random.Next(1, cases + 1) << 32, 7);

    public static CaseRecord Next(Random random, CaseId id)
    {
        // Most cases are ordinary, or the extras would never be given back.
        var wild = random.Next(3) == 0;
        var record = new CaseRecord
        {
            Id = id,
            Stated = (uint)random.NextInt64() & CaseKeys.Registers,
            Stamp = new Stamp(Instant(random), Of(random, Sequences, wild))
        };
        ref var values = ref record.Values;
        (values.Filed, values.Accepted, values.Due, values.Ended) = (Instant(random), Instant(random), Instant(random), Instant(random));
        values.FeePlusOne = Of(random, Fees, wild: true);
        (values.Source, values.Procedure, values.Field) = (Of(random, Codes, wild), Of(random, Codes, wild), Of(random, Codes, wild));
        (values.Receiving, values.Handling) = (Of(random, Codes, wild), Of(random, Codes, wild));
        for (var key = CaseKey.Source; key <= CaseKeys.Last; key++)
        {
            if (WordLayout.Holds(key))
            {
                values.SetPacked(key, random.Next(WordLayout.IsFlag(key) ? 3 : Words.Of(key)?.List.Count + 1 ?? 11));
            }
        }

        values.Parent = wild && random.Next(2) == 0 ? new CaseId((ulong)random.NextInt64(), ulong.MaxValue) : default;
        record.First = Times(random, wild ? 6 : 2);
        return record;
    }

    private static FirstTimes Times(Random random, int most)
    {
        var first = new FirstTimes { Accepted = Instant(random) };
        for (var i = 0; i < most; i++)
        {
            switch (random.Next(6))
            {
                case 0: first.Refused = Instant(random); break;
                case 1: first.Withdrawn = Instant(random); break;
                case 2: first.Stopped = Instant(random); break;
                case 3: first.ResultReady = Instant(random); break;
                case 4: first.ResultReturned = Instant(random); break;
            }
        }

        return first;
    }

    private static long Instant(Random random) => random.Next(8) switch
    {
        0 or 1 => 0,
        2 => Earliest,
        3 => Latest,
        _ => random.NextInt64(Earliest, Latest + 1),
    };

    private static T Of<T>(Random random, T[] borders, bool wild) => borders[random.Next(wild ? borders.Length : 2)];
}

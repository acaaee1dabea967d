using FsCheck;
using FsCheck.Fluent;
using KpiStream.Engine.Cases;
using KpiStream.Engine.Tests.Pipeline;

namespace KpiStream.Engine.Tests.Cases;

/// <summary>The fold against choosing the greatest (stamp, value) of every register by sorting.</summary>
public class CaseFoldTests
{
    [Fact]
    public void RandomEvents_LeaveTheGreatestStampAndValueInEveryRegister() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(LongRuns.Scale(150)),
        Prop.ForAll(RandomEvents.Streams, events =>
        {
            var codes = new CodeBook();
            var decoder = new EventDecoder(codes, PseudonymKey.Fixed, DecodeLimits.Default);
            var decoded = RandomEvents.Bytes(events).Select(record =>
            {
                Assert.Equal(Verdict.Accepted, decoder.Decode(record, DecodeLimits.UnknownArrival, out var one));
                return Widened(one);
            }).ToList();

            var table = new CaseTable();
            var fold = new CaseFold(codes, table.Layers);
            var number = table.GetOrAdd(new CaseId(1, 1));
            foreach (var change in decoded)
            {
                table.Read(number, out var record);
                if (fold.Apply(ref record, in change))
                {
                    table.Write(number, in record);
                }
            }

            table.Read(number, out var folded);
            AssertGreatest(decoded, in folded, table.Layers, codes);
        }));

    [Fact]
    public void ACaseWhoseRegistersAgreeAgain_GivesItsStampsBack()
    {
        var layers = new StampLayers();
        var fold = new CaseFold(new CodeBook(), layers);
        var record = default(CaseRecord);
        fold.Apply(ref record, Change(1, CaseKey.Status, CaseKey.Channel));
        fold.Apply(ref record, Change(2, CaseKey.Status));
        Assert.Equal(1, layers.Count);
        fold.Apply(ref record, Change(3, CaseKey.Status, CaseKey.Channel));
        Assert.Equal(0, layers.Count);
    }

    /// <summary>Every other <c>seq</c> so great that a slot has no room for it.</summary>
    private static CaseEvent Widened(CaseEvent one) => one with { Stamp = one.Stamp with { Seq = one.Stamp.Seq * (long.MaxValue / 2) } };

    private static CaseEvent Change(long at, params CaseKey[] keys)
    {
        var change = new CaseEvent { Stamp = new Stamp(at, 0) };
        foreach (var key in keys)
        {
            change.Stated |= 1u << (int)key;
            change.Values.SetPacked(key, 2);
        }

        return change;
    }

    private static void AssertGreatest(List<CaseEvent> events, in CaseRecord record, StampLayers layers, CodeBook codes)
    {
        var stamps = layers.StampsOf(in record);
        for (var key = CaseKey.Source; key <= CaseKeys.Last; key++)
        {
            var stating = events.Where(one => one.States(key)).ToList();
            Assert.Equal(stating.Count > 0, (record.Stated & (1u << (int)key)) != 0);
            if (stating.Count == 0)
            {
                continue;
            }

            stating.Sort((left, right) =>
            {
                var order = left.Stamp.CompareTo(right.Stamp);
                return order != 0 ? order : RegisterOrder.Compare(key, in left.Values, in right.Values, codes);
            });
            Assert.Equal(0, RegisterOrder.Compare(key, stating[^1].Values, in record.Values, codes));
            Assert.Equal(stating[^1].Stamp, stamps[(int)key]);
        }
    }
}

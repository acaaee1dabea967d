namespace KpiStream.Engine.Tests.Events;

/// <summary>Keys, verdicts, stamps and packed values: small types with a contract of their own.</summary>
public sealed class VocabularyTests
{
    [Fact]
    public void EveryKey_IsFoundByItsName()
    {
        Assert.Equal(CaseKeys.Count, Enum.GetValues<CaseKey>().Length);
        Assert.Equal(CaseKeys.LongestName, Enum.GetValues<CaseKey>().Max(key => CaseKeys.NameOf(key).Length));
        Assert.All(Enum.GetValues<CaseKey>(), key =>
        {
            Assert.True(CaseKeys.TryFind(System.Text.Encoding.UTF8.GetBytes(CaseKeys.NameOf(key)), out var found));
            Assert.Equal(key, found);
        });
        Assert.False(CaseKeys.TryFind("v"u8, out _));
        Assert.False(CaseKeys.TryFind(""u8, out _));
    }

    [Fact]
    public void Verdicts_SayReasonAndKey()
    {
        Assert.Equal("bad_value:paid_via", Verdict.BadValue(CaseKey.PaidVia).ToString());
        Assert.Equal("missing:at", Verdict.Missing(CaseKey.At).ToString());
        Assert.Equal("bad_value:TrangThaiHoSo", Verdict.BadValue("TrangThaiHoSo").ToString());
        Assert.True(Verdict.Accepted.IsAccepted);
    }

    [Fact]
    public void PackedValues_DoNotTouchEachOther()
    {
        var keys = Enum.GetValues<CaseKey>().Where(WordLayout.Holds).ToList();
        Assert.Equal(18, keys.Count);
        Assert.Equal(WordLayout.Bits, keys.Sum(key => System.Numerics.BitOperations.PopCount(WordLayout.MaskOf(key))));
        foreach (var key in keys)
        {
            var most = key == CaseKey.Status ? 10 : Words.Of(key)?.List.Count ?? WordLayout.True;
            var registers = default(Registers);
            registers.SetPacked(key, most);
            Assert.All(keys, other => Assert.Equal(other == key ? most : 0, registers.PackedValue(other)));
            registers.SetPacked(key, 0);
            Assert.Equal(0UL, registers.Packed);
        }
    }

    [Fact]
    public void Stamps_AreOrderedByInstantThenSequence()
    {
        Stamp[] ascending = [new(-1, 9), new(0, 0), new(0, 1), new(1, 0), new(1, long.MaxValue)];
        Assert.Equal(ascending, ascending.Reverse().Order());
        Assert.True(new Stamp(1, 0) > new Stamp(0, 9) && new Stamp(0, 0) <= new Stamp(0, 0) && new Stamp(0, 0) < new Stamp(0, 1)
            && new Stamp(0, 1) >= new Stamp(0, 0));
    }
}

using KpiStream.Engine.Boards;

namespace KpiStream.Engine.Tests.Boards;

/// <summary>"Nguồn không gửi: …" names what a figure rests on and no source has ever stated.</summary>
public sealed class NeverStatedTests
{
    [Theory]
    [InlineData("fully_online", "returned presence", "returned", "returned_remotely")]
    [InlineData("fully_online", "returned presence", "presence", "no_presence")]
    [InlineData("fully_online", "returned presence", "fee", "fee_settled")] // one of its two facts
    [InlineData("fully_online", "returned presence", "", "")]
    [InlineData("stored_result", "stored", "stored", "stored")]
    [InlineData("received", "", "channel", "")]
    public void AKeyThatNobodyStates_IsNamedWithTheItemThatRestsOnIt(string figure, string otherwise, string never, string item)
    {
        var definition = Shipped.Rulebook().Figures.Single(known => known.Id == figure);
        var stated = Enum.GetValues<CaseKey>().Where(key => CaseKeys.NameOf(key) != never).Aggregate(0U, (keys, key) => keys | (1u << (int)key));
        Assert.Equal(item.Length > 0 ? [never] : [], NeverStated.Keys(definition, stated));
        Assert.Equal(item.Length > 0 ? [item] : [], NeverStated.Items(definition, stated));
        Assert.All(otherwise.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            key => Assert.Contains(key, NeverStated.Keys(definition, 1u << (int)CaseKey.Source)));
        Assert.Empty(NeverStated.Items(definition, 0));
    }
}

using static KpiStream.Engine.Events.CaseStatus;

namespace KpiStream.Ingest.Sources.Generation;

/// <summary>
/// What an office does with the papers of one case and its result: signs, digitises, keeps and passes them on; and what its system never says of the case.
/// Drawn from the case's number alone, so that all events of a case agree. The shares are assumptions, as those of <see cref="CaseLife"/>.
/// </summary>
internal static class CaseHabits
{
    private const int UnitShift = 44, DayShift = 20;

    /// <summary>Says what follows from where the case stands now; to be asked after every step.</summary>
    public static void Follow(ref CasePicture picture)
    {
        var random = RandomOf(picture.Number, stream: 0);
        var (signs, digitises, keeps, syncs) = (random.Below(1000), random.Below(1000), random.Below(1000), random.Below(1000));
        var isThere = picture.Status is ResultReady or ResultReturned;
        picture.ComponentsSigned = picture.Digitised && signs < (picture.Channel == Channel.Online ? 840 : 610);
        picture.ResultDigitised = isThere && picture.Result == Result.Paper && digitises < 640;
        var isDigital = isThere && (picture.Result == Result.Electronic || picture.ResultDigitised);
        picture.Stored = isDigital && keeps < (picture.Signed ? 790 : 380);
        picture.ResultSynced = isDigital && picture.Status == ResultReturned && picture.Synced && syncs < 910;
    }

    /// <summary>The keys that no event of a case states, as bits: a few systems have no room for them.</summary>
    /// <param name="isPlain">True for the ordinary profile, whose readers need to know whether the citizen had to come.</param>
    public static uint SilentKeys(CaseNumber number, bool isPlain)
    {
        var random = RandomOf(number, stream: 1);
        return Silent(CaseKey.ResultDigitised, 90, ref random) | Silent(CaseKey.ResultSynced, 70, ref random) | Silent(CaseKey.Due, 36, ref random)
            | (isPlain ? 0 : Silent(CaseKey.Presence, 36, ref random));
    }

    private static uint Silent(CaseKey key, int permille, ref SeededRandom random) => random.Chance(permille) ? 1u << (int)key : 0;

    private static SeededRandom RandomOf(CaseNumber number, uint stream) =>
        new(((ulong)(uint)number.Unit << UnitShift) ^ ((ulong)(uint)number.Day << DayShift) ^ (uint)number.Serial ^ ((ulong)stream << 63));
}

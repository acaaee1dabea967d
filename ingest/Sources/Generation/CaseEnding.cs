using KpiStream.Ingest.Sources.Configuration.Rules;
using static KpiStream.Engine.Events.CaseStatus;

namespace KpiStream.Ingest.Sources.Generation;

/// <summary>How cases end: the result, how it reaches the citizen, and what is put right afterwards.</summary>
/// <param name="isPlain">True for the ordinary profile.</param>
internal sealed class CaseEnding(bool isPlain)
{
    private const long Minute = 60_000;
    private const long Day = WorkingCalendar.MillisPerWorkingDay;

    /// <summary>The result is there; some certified copies are handed over in the same breath.</summary>
    public long Finish(ref OpenCase open, long now, ref SeededRandom random)
    {
        ref var picture = ref open.Picture;
        var procedure = Procedure.All[picture.Procedure];
        picture.Status = ResultReady;
        picture.Ended = now - (now % LocalTime.MillisPerSecond);
        picture.Result = !isPlain && random.Chance(20) ? Result.NotRequired
            : random.Chance(picture.Channel == Channel.Online ? 955 : 600) ? Result.Electronic
            : Result.Paper;
        picture.Signed = picture.Result == Result.Electronic && random.Chance(970);
        picture.Presence = random.Chance(procedure.OnSite) ? Presence.OnSite : picture.Presence;
        if (procedure.IsCertification && random.Chance(300))
        {
            HandOver(ref picture, ref random);
            return CaseLife.Over;
        }

        open.Next = CaseStep.Return;
        var longest = picture.Channel == Channel.Online ? 180 * Minute : 3 * Day;
        return Shipped.Calendar.AddWorkingTime(now, random.Skewed(Minute, longest));
    }

    /// <summary>The result reaches the citizen; a fee still owed is paid now.</summary>
    public static void HandOver(ref CasePicture picture, ref SeededRandom random)
    {
        picture.Status = ResultReturned;
        var draw = random.Below(1000);
        var isRemote = picture.Channel == Channel.Online && picture.Result != Result.Paper;
        picture.Returned = isRemote ? (draw < 930 ? Returned.Online : draw < 970 ? Returned.Post : Returned.Counter)
            : draw < 650 ? Returned.Counter
            : draw < 720 ? Returned.Post
            : picture.Result == Result.Paper ? Returned.Counter : Returned.Online;
        picture.Presence = picture.Returned == Returned.Counter && picture.Presence == Presence.None && random.Chance(800) ? Presence.Visit : picture.Presence;
        if (picture.Fee > 0 && !picture.Waived && picture.PaidVia == PaidVia.None)
        {
            picture.PaidVia = isRemote && random.Chance(800) ? PaidVia.National : PaidVia.Counter;
        }

        picture.Satisfied = random.Chance(300) ? random.Chance(930) : null;
    }

    /// <summary>An entry is put right days later: the end, the promised date, a refund, a visit nobody had entered.</summary>
    public static void Correct(ref CasePicture picture, long now, ref SeededRandom random)
    {
        switch (random.Below(10))
        {
            case < 4 when picture.Ended > 0:
                picture.Ended = picture.Due > 0 && picture.Ended > picture.Due && random.Chance(500)
                    ? picture.Due // overdue cases "repaired"
                    : Math.Max(Math.Max(picture.Filed, picture.Accepted), picture.Ended - (random.Skewed(1, 48 * 60) * Minute));
                break;
            case < 6 when picture.Due > 0:
                picture.Due = WorkingCalendar.ClosingTime(Shipped.Calendar.AddWorkingDays(LocalTime.DayOf(picture.Due), (int)random.Between(1, 5)));
                break;
            case 6 when picture.PaidVia != PaidVia.None:
                picture.PaidVia = PaidVia.None;
                break;
            case 7:
                picture.Presence = Presence.Visit;
                break;
            case 8 when picture.Result == Result.Paper:
                picture.Result = Result.Electronic;
                picture.Signed = true;
                break;
            default:
                picture.Digitised = true;
                picture.Synced = true;
                break;
        }

        picture.Ended = Math.Min(picture.Ended, now);
    }
}

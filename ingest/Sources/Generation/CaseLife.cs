using KpiStream.Ingest.Sources.Configuration.Rules;
using static KpiStream.Engine.Events.CaseStatus;

namespace KpiStream.Ingest.Sources.Generation;

/// <summary>
/// What becomes of a case step by step: 1 filed, 2 accepted, 4 processing, 9 result, 10 returned, with papers asked for (5), fees (6),
/// refusals (3), withdrawals (7), stops (8), recalls and corrections. Every step changes the picture and says when the next one is
/// due. The shares are assumptions that give plausible figures; none is published.
/// </summary>
/// <param name="opening">How cases begin.</param>
/// <param name="units">For transfers between offices.</param>
/// <param name="isPlain">True for the ordinary profile.</param>
internal sealed class CaseLife(CaseOpening opening, UnitLoad units, bool isPlain)
{
    /// <summary>The answer of a step after which nothing more happens.</summary>
    public const long Over = 0;

    private const long Minute = 60_000;
    private const long Day = WorkingCalendar.MillisPerWorkingDay;

    private readonly CaseEnding ending = new(isPlain);

    private static WorkingCalendar Office => Shipped.Calendar;

    /// <summary>Takes the case's next step at an instant.</summary>
    /// <returns>When the step after it is due, or <see cref="Over"/>.</returns>
    public long Advance(ref OpenCase open, long now, ref SeededRandom random)
    {
        var next = open.Next switch
        {
            CaseStep.File => File(ref open, now, ref random),
            CaseStep.Review => Review(ref open, now, ref random),
            CaseStep.Begin => Begin(ref open, now, ref random),
            CaseStep.Work => Work(ref open, now, ref random),
            CaseStep.HavePapers => HavePapers(ref open, now, ref random),
            CaseStep.HavePayment => HavePayment(ref open, now, ref random),
            CaseStep.Return => Return(ref open, now, ref random),
            _ => Correct(ref open, now, ref random),
        };
        open.Picture.Seq++;
        open.Picture.At = now;
        open.Picture.Synced |= random.Chance(600);
        CaseHabits.Follow(ref open.Picture);
        return next;
    }

    private long File(ref OpenCase open, long now, ref SeededRandom random)
    {
        opening.Open(ref open.Picture, now, ref random);
        if (open.Picture.Channel != Channel.Online)
        {
            return Accept(ref open, now, ref random);
        }

        open.Picture.Status = Filed;
        return Later(ref open, CaseStep.Review, now, random.Skewed(2 * Minute, 240 * Minute));
    }

    private static long Review(ref OpenCase open, long now, ref SeededRandom random) =>
        random.Chance(25) ? Close(ref open, Refused, now, ref random)
        : random.Chance(8) ? Close(ref open, Withdrawn, now, ref random)
        : Accept(ref open, now, ref random);

    private static long Accept(ref OpenCase open, long now, ref SeededRandom random)
    {
        ref var picture = ref open.Picture;
        picture.Status = Accepted;
        picture.Accepted = now - (now % LocalTime.MillisPerSecond);
        var days = picture.Kind switch
        {
            Kind.Feedback => 15,
            Kind.Publication => random.Chance(500) ? 5 : 10,
            _ => Procedure.All[picture.Procedure].Days,
        };
        picture.Due = WorkingCalendar.ClosingTime(Office.AddWorkingDays(LocalTime.DayOf(now), days));
        var sameDay = days == 0;
        open.WorkLeft = (byte)random.Between(sameDay ? 0 : 1, sameDay ? 1 : 4);
        open.WorkPace = (sameDay ? random.Skewed(10 * Minute, 200 * Minute) : days * Day * Share(ref random) / 100) / (open.WorkLeft + 1);
        return Later(ref open, CaseStep.Begin, now, random.Skewed(2 * Minute, sameDay ? 60 * Minute : 180 * Minute));
    }

    /// <summary>How much of the time allowed is taken, in percent; one case in thirty takes too long.</summary>
    private static long Share(ref SeededRandom random) => random.Chance(33) ? random.Between(105, 220) : random.Between(15, 85);

    private long Begin(ref OpenCase open, long now, ref SeededRandom random)
    {
        if (open.WorkLeft == 0)
        {
            return ending.Finish(ref open, now, ref random);
        }

        open.Picture.Status = Processing;
        return Later(ref open, CaseStep.Work, now, open.WorkPace);
    }

    private long Work(ref OpenCase open, long now, ref SeededRandom random)
    {
        ref var picture = ref open.Picture;
        var owes = picture.Fee > 0 && !picture.Waived && picture.PaidVia == PaidVia.None;
        var draw = random.Below(1000);
        if (owes && random.Chance(600))
        {
            return Pause(ref open, AwaitingPayment, CaseStep.HavePayment, now, random.Skewed(20 * Minute, 2 * Day));
        }

        switch (draw)
        {
            case < 25:
                return Pause(ref open, AwaitingPapers, CaseStep.HavePapers, now, random.Skewed(60 * Minute, 6 * Day));
            case < 29:
                return Close(ref open, Withdrawn, now, ref random);
            case < 33:
                return Close(ref open, Stopped, now, ref random);
            case < 39: // recalled to the counter
                picture.Status = Accepted;
                return Later(ref open, CaseStep.Begin, now, random.Skewed(10 * Minute, Day));
            case < 42 when picture.Handling < units.Live: // passed on to the office it belongs to
                picture.Handling = units.DrawNeighbour(picture.Handling, ref random);
                break;
        }

        if (--open.WorkLeft == 0)
        {
            return ending.Finish(ref open, now, ref random);
        }

        picture.Status = Processing;
        picture.Digitised |= random.Chance(300);
        return Later(ref open, CaseStep.Work, now, open.WorkPace);
    }

    private static long HavePapers(ref OpenCase open, long now, ref SeededRandom random)
    {
        ref var picture = ref open.Picture;
        if (random.Chance(60))
        {
            return Close(ref open, Withdrawn, now, ref random);
        }

        // The promised date moves by the days the office had to wait.
        var waited = LocalTime.DayOf(now) - LocalTime.DayOf(open.PausedAt);
        picture.Due = WorkingCalendar.ClosingTime(Office.AddWorkingDays(LocalTime.DayOf(picture.Due) + waited, 0));
        picture.Presence = random.Chance(120) ? Presence.Paper : picture.Presence;
        picture.Status = Processing;
        return Later(ref open, CaseStep.Work, now, open.WorkPace);
    }

    private static long HavePayment(ref OpenCase open, long now, ref SeededRandom random)
    {
        var draw = random.Below(1000);
        open.Picture.PaidVia = draw < 700 ? PaidVia.National : draw < 780 ? PaidVia.Local : PaidVia.Counter;
        open.Picture.Status = Processing;
        return Later(ref open, CaseStep.Work, now, open.WorkPace);
    }

    private static long Return(ref OpenCase open, long now, ref SeededRandom random)
    {
        if (random.Chance(4)) // found wrong before it was handed over
        {
            return Recall(ref open, Processing, now, ref random);
        }

        CaseEnding.HandOver(ref open.Picture, ref random);
        return MaybeCorrect(ref open, 40, now, ref random);
    }

    private static long Correct(ref OpenCase open, long now, ref SeededRandom random)
    {
        if (open.Picture.Status is ResultReturned or Stopped && random.Chance(80))
        {
            return Recall(ref open, open.Picture.Status == Stopped ? Processing : Accepted, now, ref random);
        }

        CaseEnding.Correct(ref open.Picture, now, ref random);
        return MaybeCorrect(ref open, 150, now, ref random);
    }

    private static long Recall(ref OpenCase open, CaseStatus status, long now, ref SeededRandom random)
    {
        ref var picture = ref open.Picture;
        picture.Status = status;
        picture.Ended = 0;
        picture.Result = Result.None;
        picture.Signed = false;
        picture.Returned = Returned.None;
        picture.Satisfied = null;
        open.WorkLeft = 1;
        open.WorkPace = random.Skewed(30 * Minute, 2 * Day);
        return Later(ref open, CaseStep.Begin, now, random.Skewed(10 * Minute, Day));
    }

    private static long Pause(ref OpenCase open, CaseStatus status, CaseStep then, long now, long wait)
    {
        open.Picture.Status = status;
        open.PausedAt = now;
        return Later(ref open, then, now, wait);
    }

    private static long Close(ref OpenCase open, CaseStatus status, long now, ref SeededRandom random)
    {
        open.Picture.Status = status;
        open.Picture.Ended = now - (now % LocalTime.MillisPerSecond);
        return MaybeCorrect(ref open, 40, now, ref random);
    }

    private static long MaybeCorrect(ref OpenCase open, int permille, long now, ref SeededRandom random) =>
        random.Chance(permille) ? Later(ref open, CaseStep.Correct, now, random.Skewed(60 * Minute, 20 * Day)) : Over;

    private static long Later(ref OpenCase open, CaseStep step, long now, long officeTime)
    {
        open.Next = step;
        return Office.AddWorkingTime(now, officeTime);
    }
}

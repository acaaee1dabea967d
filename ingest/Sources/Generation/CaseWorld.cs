namespace KpiStream.Ingest.Sources.Generation;

/// <summary>
/// The simulated offices: cases are filed minute by minute, take their steps when due, and what is said about them arrives after
/// a while, sometimes hours later, sometimes twice. Holds the open cases and what is under way, never the stream: memory stays
/// flat however long it runs. Owned by one stream.
/// </summary>
internal sealed class CaseWorld
{
    private const long Second = 1000;
    private const long Minute = 60 * Second;
    private const long Hour = 60 * Minute;

    private readonly SlotPool<OpenCase> cases = new();
    private readonly TimeQueue<int> steps = new();
    private readonly SlotPool<CasePicture> messages = new();
    private readonly TimeQueue<int> arrivals = new();
    private readonly FilingRhythm rhythm;
    private readonly CaseLife life;
    private SeededRandom random;
    private long minute;

    /// <param name="start">The first minute in which cases are filed, milliseconds since 1970 UTC.</param>
    /// <param name="casesPerDay">Cases of an ordinary working day.</param>
    /// <param name="isPlain">True for the ordinary profile.</param>
    public CaseWorld(UnitDirectory directory, ulong seed, long start, long casesPerDay, bool isPlain)
    {
        random = new SeededRandom(seed);
        Units = new UnitLoad(directory, ref random);
        rhythm = new FilingRhythm(casesPerDay);
        life = new CaseLife(new CaseOpening(Units, isPlain), Units, isPlain);
        minute = start;
    }

    public UnitLoad Units { get; }

    /// <summary>Cases that something will still happen to.</summary>
    public int OpenCases => cases.Count;

    /// <summary>Takes what arrives next, if it arrives by an instant.</summary>
    /// <param name="until">The last instant of interest, milliseconds since 1970 UTC.</param>
    public bool TryTake(long until, out CasePicture picture, out long arrival)
    {
        while (true)
        {
            arrival = arrivals.NextTime;
            var next = Math.Min(minute, steps.NextTime);
            if (Math.Min(arrival, next) > until)
            {
                picture = default;
                return false;
            }

            if (arrival <= next)
            {
                var message = arrivals.Take();
                picture = messages[message];
                messages.Return(message);
                return true;
            }

            LiveOn(next);
        }
    }

    /// <summary>Makes something happen now that would have happened later: a new case, or the next step of an open one.</summary>
    public void Hurry(long now)
    {
        const int eventsPerCase = 5;
        var isNew = steps.Count == 0 || random.Below(eventsPerCase) == 0;
        var slot = isNew ? NewCase() : steps.Take();
        Send(Step(slot, now), now);
    }

    private void LiveOn(long next)
    {
        if (minute > next)
        {
            var picture = Step(steps.Take(), next);
            Send(picture, next + Delay());
            if (random.Chance(20)) // sent again, the same to the byte
            {
                Send(picture, next + random.Skewed(Second, random.Chance(100) ? 36 * Hour : 10 * Minute));
            }

            return;
        }

        for (var filings = rhythm.Draw(minute, ref random); filings > 0; filings--)
        {
            steps.Put(minute + random.Below(FilingRhythm.MillisPerMinute), NewCase());
        }

        minute += FilingRhythm.MillisPerMinute;
    }

    private int NewCase()
    {
        var slot = cases.Rent();
        cases[slot].Next = CaseStep.File;
        return slot;
    }

    private CasePicture Step(int slot, long now)
    {
        ref var open = ref cases[slot];
        var next = life.Advance(ref open, now, ref random);
        open.Picture.Style = random.Next();
        var picture = open.Picture;
        if (next == CaseLife.Over)
        {
            cases.Return(slot);
        }
        else
        {
            steps.Put(Math.Max(next, now + 1), slot);
        }

        return picture;
    }

    private void Send(in CasePicture picture, long arrival)
    {
        var message = messages.Rent();
        messages[message] = picture;
        arrivals.Put(arrival, message);
    }

    /// <summary>Most arrive within seconds, some after minutes, a few after hours and more than a day.</summary>
    private long Delay()
    {
        var draw = random.Below(1000);
        return draw < 940 ? random.Below(3 * Second)
            : draw < 980 ? random.Skewed(3 * Second, 10 * Minute)
            : random.Skewed(10 * Minute, 40 * Hour);
    }
}

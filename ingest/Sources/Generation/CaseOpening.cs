using KpiStream.Ingest.Sources.Configuration.Rules;

namespace KpiStream.Ingest.Sources.Generation;

/// <summary>How cases begin: where, for what, by whom filed and how paid. Owned by one stream.</summary>
/// <param name="units">Who gets how many.</param>
/// <param name="isPlain">True for the ordinary profile: only kinds and codes every peer knows.</param>
internal sealed class CaseOpening(UnitLoad units, bool isPlain)
{
    private static readonly int[] Procedures = Cumulate();

    private readonly int[] serials = new int[units.Live];
    private readonly CaseNumber[] latest = new CaseNumber[units.Live];
    private int serialDay = int.MinValue;

    public void Open(ref CasePicture picture, long now, ref SeededRandom random)
    {
        picture = default;
        var unit = units.Draw(ref random);
        picture.Procedure = (short)DrawProcedure(ref random);
        picture.Number = NextNumber(unit, LocalTime.DayOf(now));
        picture.Handling = unit;
        picture.Receiving = random.Chance(80) ? units.DrawNeighbour(unit, ref random) : unit;
        picture.Filed = now - (now % LocalTime.MillisPerSecond);
        picture.Channel = DrawChannel(unit, now, ref random);
        picture.Fee = Procedure.All[picture.Procedure].Fee;
        picture.Waived = picture.Fee > 0 && random.Chance(200);
        picture.PaidVia = DrawPayment(picture, ref random);
        picture.Digitised = random.Chance(850);
        picture.Reused = random.Chance(380);
        picture.VNeId = random.Chance(picture.Channel == Channel.Online ? 920 : 350);
        if (!isPlain)
        {
            MakeOdd(ref picture, unit, ref random);
        }

        picture.Silent = CaseHabits.SilentKeys(picture.Number, isPlain);
        latest[unit] = picture.Number;
    }

    private CaseNumber NextNumber(int unit, int day)
    {
        if (day != serialDay)
        {
            Array.Clear(serials);
            serialDay = day;
        }

        return new CaseNumber(unit, day, ++serials[unit]);
    }

    /// <summary>At night and on free days there is only the portal; by day some communes file online more than others.</summary>
    private static Channel DrawChannel(int unit, long now, ref SeededRandom random)
    {
        var onlinePermille = 780 + (unit * 37 % 19 * 10);
        return !Shipped.Calendar.IsOpen(now) || random.Chance(onlinePermille) ? Channel.Online
            : random.Chance(100) ? Channel.Post
            : Channel.Counter;
    }

    private static PaidVia DrawPayment(in CasePicture picture, ref SeededRandom random)
    {
        var draw = random.Below(1000);
        return picture.Fee == 0 || picture.Waived ? PaidVia.None
            : picture.Channel == Channel.Online ? (draw < 820 ? PaidVia.National : draw < 880 ? PaidVia.Local : PaidVia.None)
            : draw < 700 ? PaidVia.Counter : draw < 820 ? PaidVia.National : PaidVia.None;
    }

    private static int DrawProcedure(ref SeededRandom random)
    {
        var index = Array.BinarySearch(Procedures, (int)random.Below(Procedures[^1]));
        return index < 0 ? ~index : index + 1;
    }

    /// <summary>What only the wilder profiles have: other kinds, linked cases, units that are no more.</summary>
    private void MakeOdd(ref CasePicture picture, int unit, ref SeededRandom random)
    {
        var draw = random.Below(1000);
        picture.Kind = draw < 20 ? Kind.Feedback : draw < 30 ? Kind.Publication : Kind.Case;
        picture.Parent = random.Chance(40) ? latest[unit] : default;
        picture.Handling = random.Chance(15) ? units.DrawStrange(ref random) : unit;
    }

    private static int[] Cumulate()
    {
        var total = 0;
        return [.. Procedure.All.Select(procedure => total += procedure.Weight)];
    }
}

namespace KpiStream.Ingest.Tests.Sources.Generation;

/// <summary>One stream of a month at the real pace, looked at from all sides. Tolerances are wide: the point is the shape.</summary>
public sealed class GeneratedRealismTests(GeneratedRealismTests.Month month) : IClassFixture<GeneratedRealismTests.Month>
{
    private static readonly string[] LowVolume = ["12595", "12850", "12634", "13219", "12862", "12466", "12685", "12631", "13183", "13222", "13246"];

    [Fact]
    public void CommunesOfTheLowVolumeList_StayUnderFifty_AndTheOthersDoNot()
    {
        var until = LocalTime.StartOfDay(LocalTime.DayOf(new DateOnly(2025, 7, 16)));
        var received = month.Latest.Values
            .Where(known => known.Values.Accepted > 0 && known.Values.Accepted < until)
            .CountBy(known => month.UnitOf(known.Values.Receiving)).ToDictionary();

        Assert.All(LowVolume, code => Assert.InRange(received[code], 1, 49));
        Assert.Equal(93, received.Count(unit => unit.Value >= 50 && TestUnits.HungYen.Find(unit.Key) is { IsCommune: true }));
        Assert.True(received.Values.Max() > 6 * received.Values.Order().ElementAt(20), "communes are skewed");
    }

    [Fact]
    public void OfficesWorkInOfficeTime_AndPeakInTheMorningAndTheAfternoon()
    {
        var office = month.Events.Where(known => known.Values.PackedValue(CaseKey.Status) is 2 or 3 or 4 or 9).ToList();
        var hours = office.CountBy(known => (known.Stamp.At + LocalTime.OffsetMillis) % LocalTime.MillisPerDay / 3_600_000).ToDictionary();

        Assert.All(office, known => Assert.True(Shipped.Calendar.IsOpen(known.Stamp.At - 1), InstantText.ToLocalMillis(known.Stamp.At)));
        Assert.True(hours[9] > hours[11] && hours[14] > hours[11] && hours[14] > hours[16]);
        Assert.False(hours.ContainsKey(12));
        Assert.Contains(month.Events, known => !Shipped.Calendar.IsOpen(known.Stamp.At) && known.Values.PackedValue(CaseKey.Status) == 1);
    }

    [Fact]
    public void EveryStatusOccurs_AndLivesHaveTheExpectedLength()
    {
        var statuses = month.Events.CountBy(known => known.Values.PackedValue(CaseKey.Status)).ToDictionary();

        Assert.Equal(Enumerable.Range(1, 10), statuses.Keys.Order());
        Assert.InRange(month.Events.Count / (double)month.Latest.Count, 4.8, 6.2);
        Assert.InRange(statuses[5] / (double)month.Latest.Count, 0.02, 0.10);
        Assert.InRange(statuses[3] / (double)month.Latest.Count, 0.015, 0.04);
    }

    [Fact]
    public void DuplicatesLateOnesAndRecalls_Occur()
    {
        Assert.InRange(month.Resent / (double)month.Events.Count, 0.01, 0.03);
        Assert.InRange(month.OutOfOrder / (double)month.Events.Count, 0.004, 0.03);
        Assert.InRange(month.LateByHours / (double)month.Events.Count, 0.003, 0.03);
        Assert.InRange(month.Recalled, 100, 10_000);
    }

    [Fact]
    public void Ratios_LieWhereTheyDoInReality()
    {
        var done = month.Latest.Values.Where(known => known.Values.PackedValue(CaseKey.Status) is 9 or 10).ToList();
        var fully = done.Count(IsFullyOnline) / (double)done.Count;
        var online = month.Latest.Values.Count(known => known.Values.PackedValue(CaseKey.Channel) == 2) / (double)month.Latest.Count;
        var elsewhere = month.Latest.Values.Count(known => known.Values.Receiving != known.Values.Handling) / (double)month.Latest.Count;

        Assert.InRange(fully, 0.6, 0.85);
        Assert.InRange(online, 0.8, 0.95);
        Assert.InRange(elsewhere, 0.04, 0.12);
    }

    [Fact]
    public void SigningStoringAndSyncing_FollowFromPapersAndResults()
    {
        var done = month.Latest.Values.Where(known => known.Values.PackedValue(CaseKey.Status) == 10).ToList();
        double Share(Func<Registers, bool> which) => done.Count(known => which(known.Values)) / (double)done.Count;
        Assert.InRange(Share(values => values.IsTrue(CaseKey.ComponentsSigned)), 0.6, 0.85);
        Assert.InRange(Share(values => values.IsTrue(CaseKey.Stored)), 0.6, 0.85);
        Assert.InRange(Share(values => values.IsTrue(CaseKey.ResultSynced)), 0.7, 0.95);
        Assert.InRange(Share(values => values.IsTrue(CaseKey.ResultDigitised)), 0.02, 0.1);
        Assert.All(month.Events, known =>
        {
            var (values, result) = (known.Values, known.Values.PackedValue(CaseKey.Result));
            Assert.True(values.IsTrue(CaseKey.Digitised) || !values.IsTrue(CaseKey.ComponentsSigned));
            Assert.True(result == 2 || !values.IsTrue(CaseKey.ResultDigitised)); // paper
            Assert.True(result is 2 or 3 || !values.IsTrue(CaseKey.Stored)); // paper or electronic
            Assert.True(values.IsTrue(CaseKey.Synced) || !values.IsTrue(CaseKey.ResultSynced));
        });
    }

    private static bool IsFullyOnline(CaseEvent known) => known.Values.PackedValue(CaseKey.Channel) == 2
        && (known.Values.FeePlusOne == 1 || known.Values.IsTrue(CaseKey.Waived) || known.Values.PackedValue(CaseKey.PaidVia) == 2)
        && known.Values.PackedValue(CaseKey.Result) == 3
        && known.Values.PackedValue(CaseKey.Returned) is 2 or 3 && known.Values.PackedValue(CaseKey.Presence) == 1;

    /// <summary>The stream, decoded once for all tests.</summary>
    public sealed class Month
    {
        private readonly CodeBook codes = new();

        public Month()
        {
            var stream = new GeneratedStream(new GenerateOptions(500_000, 3, TestUnits.HungYen));
            var decoder = new EventDecoder(codes, PseudonymKey.Fixed, DecodeLimits.Default);
            var seen = new HashSet<(CaseId, long)>();
            while (stream.MoveNext() && decoder.Decode(stream.Line, stream.Arrival, out var decoded).IsAccepted)
            {
                Resent += seen.Add((decoded.Case, decoded.Stamp.Seq)) ? 0 : 1;
                LateByHours += stream.Arrival - decoded.Stamp.At > 3_600_000 ? 1 : 0;
                Fold(decoded);
                Events.Add(decoded);
            }
        }

        public List<CaseEvent> Events { get; } = [];

        public Dictionary<CaseId, CaseEvent> Latest { get; } = [];

        public int Resent { get; private set; }

        public int OutOfOrder { get; private set; }

        public int LateByHours { get; private set; }

        public int Recalled { get; private set; }

        public string UnitOf(int id) => codes.Units.Text(id);

        private void Fold(in CaseEvent decoded)
        {
            if (Latest.TryGetValue(decoded.Case, out var known) && known.Stamp.CompareTo(decoded.Stamp) > 0)
            {
                OutOfOrder++;
                return;
            }

            Recalled += known.Values.PackedValue(CaseKey.Status) >= 9 && decoded.Values.PackedValue(CaseKey.Status) < 9 ? 1 : 0;
            Latest[decoded.Case] = decoded;
        }
    }
}

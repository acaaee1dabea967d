namespace KpiStream.Engine.Tests.Time;

/// <summary>Instants as text: every boundary by hand, everything between against DateTimeOffset and the oracle.</summary>
public sealed class InstantTextTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("1970-01-01T00:00:00Z", null)]
    [InlineData("1999-12-31T23:59:59.999999999Z", null)]
    [InlineData("2000-01-01T00:00:00Z", 946_684_800_000)]
    [InlineData("2000-01-01T06:59:59.999+07:00", null)]
    [InlineData("2000-01-01T07:00:00+07:00", 946_684_800_000)]
    [InlineData("1999-12-31T00:01:00-23:59", 946_684_800_000)]
    [InlineData("2099-12-31T23:59:59.9999Z", 4_102_444_799_999)]
    [InlineData("2100-01-01T00:00:00Z", null)]
    [InlineData("2100-01-01T06:59:59.999+07:00", 4_102_444_799_999)]
    [InlineData("2100-01-01T23:58:59+23:59", 4_102_444_799_000)]
    [InlineData("2099-12-31T00:01:00-23:59", null)]
    public void TheRange_IsTheHundredYearsFrom2000(string text, long? millis) => AssertReads(text, millis);

    [Theory]
    [InlineData("2025-07-01T00:00:00.1Z", 100)]
    [InlineData("2025-07-01T00:00:00.01Z", 10)]
    [InlineData("2025-07-01T00:00:00.001Z", 1)]
    [InlineData("2025-07-01T00:00:00.0009Z", 0)]
    [InlineData("2025-07-01T00:00:00.9999Z", 999)]
    [InlineData("2025-07-01T00:00:00.123456789Z", 123)]
    [InlineData("2025-07-01T00:00:00.000000000Z", 0)]
    [InlineData("2025-07-01T00:00:00Z", 0)]
    [InlineData("2025-07-01T00:00:00+00:00", 0)]
    [InlineData("2025-07-01T00:00:00-00:00", 0)]
    public void Fractions_AreTruncatedToTheMillisecond(string text, int millis) => AssertReads(text, 1_751_328_000_000 + millis);

    [Theory]
    [InlineData("2024-02-29T00:00:00Z", true)]
    [InlineData("2000-02-29T00:00:00Z", true)]
    [InlineData("2025-02-29T00:00:00Z", false)]
    [InlineData("2025-02-28T00:00:00Z", true)]
    [InlineData("2025-04-31T00:00:00Z", false)]
    [InlineData("2025-12-31T00:00:00Z", true)]
    [InlineData("2025-12-32T00:00:00Z", false)]
    [InlineData("2025-00-01T00:00:00Z", false)]
    [InlineData("2025-13-01T00:00:00Z", false)]
    [InlineData("2025-01-00T00:00:00Z", false)]
    [InlineData("0000-01-01T00:00:00Z", false)]
    [InlineData("9999-12-31T23:59:59Z", false)]
    [InlineData("2025-07-01T24:00:00Z", false)]
    [InlineData("2025-07-01T23:60:00Z", false)]
    [InlineData("2025-07-01T23:59:60Z", false)]
    [InlineData("2025-07-01T23:59:59+24:00", false)]
    [InlineData("2025-07-01T23:59:59+23:60", false)]
    [InlineData("2025-07-01T23:59:59+23:59", true)]
    public void DatesTimesAndOffsets_MustExist(string text, bool exists) => Assert.Equal(exists, InstantText.TryParse(Encoding.UTF8.GetBytes(text), out _));

    [Theory]
    [InlineData("")]
    [InlineData("Z")]
    [InlineData("2025-07-01")]
    [InlineData("2025-07-01T00:00Z")]
    [InlineData("2025-07-01T00:00:00")]
    [InlineData("2025-07-01T00:00:00.Z")]
    [InlineData("2025-07-01T00:00:00.")]
    [InlineData("2025-07-01T00:00:00.1")]
    [InlineData("2025-07-01T00:00:00,1Z")]
    [InlineData("2025-07-01T00:00:00.1234567890Z")]
    [InlineData("2025-07-01T00:00:00.1234567890+07:00")]
    [InlineData("2025-07-01T00:00:00.1.2Z")]
    [InlineData("2025-07-01t00:00:00Z")]
    [InlineData("2025-07-01 00:00:00Z")]
    [InlineData("2025-07-01T00:00:00z")]
    [InlineData("2025-07-01T00:00:00ZZ")]
    [InlineData("2025-07-01T00:00:00Z ")]
    [InlineData(" 2025-07-01T00:00:00Z")]
    [InlineData("2025-07-01T00:00:00Z\n")]
    [InlineData("2025-07-01T00:00:00+07")]
    [InlineData("2025-07-01T00:00:00+0700")]
    [InlineData("2025-07-01T00:00:00+7:00")]
    [InlineData("2025-07-01T00:00:00+07:00Z")]
    [InlineData("2025-07-01T00:00:00+07:0a")]
    [InlineData("2025-07-01T00:00:00*07:00")]
    [InlineData("2025/07/01T00:00:00Z")]
    [InlineData("20250701T000000Z")]
    [InlineData("+2025-07-01T00:00:00Z")]
    [InlineData("2025-7-01T00:00:00ZZ")]
    [InlineData("-025-07-01T00:00:00Z")]
    [InlineData("2025-07-01T00:00:-1Z")]
    [InlineData("２025-07-01T00:00:00Z")]
    [InlineData("1751328000000")]
    public void AnyOtherForm_IsNoInstant(string text) => AssertReads(text, null);

    [Fact]
    public void RandomInstants_AreReadAsDateTimeOffsetReadsThem()
    {
        var random = Seeded();
        for (var i = 0; i < 20_000; i++)
        {
            var instant = DateTimeOffset.FromUnixTimeMilliseconds(random.NextInt64(InstantText.Earliest, InstantText.End));
            var offset = TimeSpan.FromMinutes(random.Next(-14 * 60, (14 * 60) + 1));
            var text = instant.ToOffset(offset).ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz");
            AssertReads(text, instant.ToUnixTimeMilliseconds());
        }
    }

    [Fact]
    public void SpoiltInstants_AreJudgedAsTheOracleJudgesThem()
    {
        const string Letters = "0123456789-+:.TZtz ";
        var random = Seeded();
        for (var i = 0; i < 20_000; i++)
        {
            var text = new StringBuilder("2025-02-28T23:59:59.123456789+07:00");
            text.Remove(19, random.Next(11));
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                text[random.Next(text.Length)] = Letters[random.Next(Letters.Length)];
            }

            var legal = EventOracle.TryInstant(text.ToString(), out var millis);
            AssertReads(text.ToString(), legal ? long.Parse(millis!) : null);
        }
    }

    [Fact]
    public void LocalText_IsWhatDateTimeOffsetWrites()
    {
        var random = Seeded();
        for (var i = 0; i < 2_000; i++)
        {
            var millis = random.NextInt64(InstantText.Earliest, InstantText.End);
            var local = DateTimeOffset.FromUnixTimeMilliseconds(millis).ToOffset(TimeSpan.FromHours(7));
            Assert.Equal(local.ToString("yyyy-MM-ddTHH:mm:sszzz"), InstantText.ToLocalSeconds(millis));
            Assert.Equal(local.ToString("yyyy-MM-ddTHH:mm:ss.fffzzz"), InstantText.ToLocalMillis(millis));
            AssertReads(InstantText.ToLocalMillis(millis), millis);
        }
    }

    private static void AssertReads(string text, long? millis)
    {
        var legal = InstantText.TryParse(Encoding.UTF8.GetBytes(text), out var read);
        Assert.True(legal == millis.HasValue
            && (!legal || read == millis), $"{text}: {(legal ? read : "refused")}, where {(millis.HasValue ? millis : "refused")} is expected");
    }

    private Random Seeded()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        return new Random(seed);
    }
}

namespace KpiStream.Engine.Tests.Codecs;

/// <summary>Instants inside events. All forms of the text itself are in InstantTextTests.</summary>
public sealed class JsonInstantTests
{
    private readonly DecoderProbe probe = new();

    public static TheoryData<string> Keys => ["at", "filed", "accepted", "due", "ended"];

    [Theory]
    [MemberData(nameof(Keys))]
    public void LegalForms_AreReadToTheMillisecond(string key)
    {
        (string Text, string Millis)[] forms =
        [
            ("2000-01-01T00:00:00Z", "946684800000"),
            ("2099-12-31T23:59:59.999999999Z", "4102444799999"),
            ("2025-07-01T00:00:00.1Z", "1751328000100"),
            ("2025-07-01T07:00:00.123999999+07:00", "1751328000123"),
            ("2025-06-30T00:01:00-23:59", "1751328000000"),
            ("2\\u003025-07-01T00\\u003A00:00Z", "1751328000000"),
        ];
        foreach (var (text, millis) in forms)
        {
            Assert.Equal("accepted", probe.JudgeKey(key, $"\"{text}\""));
            Assert.Equal(millis, probe.Fact(key));
        }
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void TheLongestFormFullyEscaped_IsRead(string key)
    {
        var escaped = string.Concat("2025-07-01T07:00:00.123456789+07:00".Select(letter => $"\\u{(int)letter:x4}"));
        Assert.Equal("accepted", probe.JudgeKey(key, $"\"{escaped}\""));
        Assert.Equal("1751328000123", probe.Fact(key));
        Assert.Equal("bad_value:" + key, probe.JudgeKey(key, $"\"{escaped}\\u0030\""));
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void EverythingElse_IsABadValue(string key)
    {
        string[] wrong =
        [
            "\"\"", "1751328000000", "1751328000", "true", "[]", "{}", "\"2025-07-01T00:00:00\"", "\"1999-12-31T23:59:59.999Z\"", "\"2100-01-01T00:00:00Z\"",
            "\"2025-07-01T00:00:00Z \"", "\"2025-07-01T00:00:00Z\\u0000\"", "\"2025-07-01T00:00:00\\ud800\"", "\"\\ud800\"", "\"2025-07-01t00:00:00Z\"",
            "\"2025-07-01T00:00:00z\"", "\"２025-07-01T00:00:00Z\"", "\"2025-07-01T00:00:60Z\"", $"\"{new string('2', 5000)}\"",
        ];
        Assert.All(wrong, value => Assert.Equal("bad_value:" + key, probe.JudgeKey(key, value)));
    }
}

using System.Text.Json;
using KpiStream.Engine.Codecs.Fast;

namespace KpiStream.Engine.Tests.Codecs.Fast;

/// <summary>The fast readers of single values against the slow, obvious ones.</summary>
public sealed class FastValueTests
{
    private const int Trials = 200_000;

    private readonly PaddedRecord record = new();
    private readonly Random random;

    public FastValueTests(ITestOutputHelper output)
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        random = new Random(seed);
    }

    [Fact]
    public void EveryDayAndEdge_IsTheInstantOfTheSlowReader()
    {
        for (var day = new DateTime(1999, 12, 30); day < new DateTime(2100, 1, 4); day = day.AddDays(1))
        {
            foreach (var rest in new[] { "T00:00:00.000+00:00", "T23:59:59.999-23:59", "T12:34:56.789+23:59", "T16:59:59.001+07:00" })
            {
                CompareInstant(day.ToString("yyyy-MM-dd") + rest);
            }
        }
    }

    [Fact]
    public void ChangedInstants_AreReadAsBySlowReader()
    {
        const string Letters = "0123456789-+:.TZ,/;\"\\ tz\0é";
        var accepted = 0;
        for (var trial = 0; trial < Trials; trial++)
        {
            var day = $"{random.Next(1998, 2102):0000}-{random.Next(0, 14):00}-{random.Next(0, 33):00}";
            var time = $"{random.Next(25):00}:{random.Next(61):00}:{random.Next(61):00}.{random.Next(1000):000}";
            var text = $"{day}T{time}{Letters[10 + random.Next(2)]}{random.Next(25):00}:{random.Next(61):00}".ToCharArray();
            for (var changes = random.Next(2); changes > 0; changes--)
            {
                text[random.Next(text.Length)] = Letters[random.Next(Letters.Length)];
            }

            accepted += CompareInstant(new string(text)) ? 1 : 0;
        }

        Assert.InRange(accepted, Trials / 20, Trials * 3 / 4);
    }

    [Theory]
    [InlineData("2025-07-01T00:00:00Z")]
    [InlineData("2025-07-01T00:00:00.1Z")]
    [InlineData("2025-07-01T00:00:00.123456789+07:00")]
    [InlineData("2025-07-01T00:00:00+07:00")]
    [InlineData("2025-07-01")]
    [InlineData("")]
    public void OtherForms_AreReadAsBySlowReader(string text) => CompareInstant(text);

    [Fact]
    public void Numbers_AreReadAsByTheBaseLibrary()
    {
        for (var trial = 0; trial < Trials; trial++)
        {
            var digits = random.NextInt64((long)Math.Pow(10, random.Next(19))).ToString();
            var text = random.Next(20)
                switch
            { 0 => "0" + digits, 1 => digits + "/", 2 => digits + ":", 3 => "-" + digits, 4 => digits + "x1", _ => digits + ",1" };
            var whole = new string([.. text.TakeWhile(char.IsAsciiDigit)]);
            var isPlain = whole.Length is > 0 and <= 18 && (whole.Length == 1 || whole[0] != '0');
            var read = FastNumber.Read(ref Take(text), out var value);
            Assert.Equal(isPlain ? whole.Length : 0, read);
            Assert.True(!isPlain || value == long.Parse(whole), text);
        }
    }

    [Fact]
    public void WordsAndFlags_AreThoseOfTheTable()
    {
        foreach (var key in Enumerable.Range(0, CaseKeys.Count).Select(key => (CaseKey)key).Where(key => WordLayout.Holds(key) && key != CaseKey.Status))
        {
            foreach (var text in Words.Of(key) is { } words ? words.List.Select(word => $"\"{word}\"") : ["false", "true"])
            {
                CompareClosed(key, text);
            }

            Assert.Equal(4, Read(key, "null,", out var none));
            Assert.Equal(0ul, none);
        }
    }

    [Fact]
    public void SkippedValues_EndWhereTheJudgesReaderSaysTheyDo()
    {
        string[] pieces =
        [
            "0", "1", "9", "-", "+", ".", "e", "E", "true", "false", "null", "\"", "\\", "\\n", "\\u00e9", "\\ud800", "\\u12", "\\x", "a", "é", "\u0001", "[",
                "]", "{", "}", ",", ":", "\"a\":", " ",
            "a long text that has no end within one vector of bytes, nor in two of them", "1.5e-3",
        ];
        var accepted = 0;
        for (var trial = 0; trial < Trials; trial++)
        {
            var text = random.Next(2) == 0 ? "\"" : "";
            for (var count = random.Next(1, 6); count > 0; count--)
            {
                text += pieces[random.Next(pieces.Length)];
            }

            accepted += CompareSkipped(random.Next(2) == 0 ? text + "\"" : text) ? 1 : 0;
        }

        Assert.InRange(accepted, Trials / 20, Trials);
    }

    /// <summary>What the skipper accepts, followed by what may follow it, is legal JSON of that length.</summary>
    private bool CompareSkipped(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text + "}");
        var isAscii = true;
        var length = SkippedValue.LengthOf(ref record.Take(bytes), bytes, ref isAscii);
        var isLegal = IsLegal(bytes.AsSpan(0, bytes.Length - 1));
        if (length == bytes.Length - 1 || isLegal)
        {
            Assert.True(isLegal && length == bytes.Length - 1, $"{length}, {isLegal}: {text}");
            Assert.True(!isAscii || Ascii.IsValid(bytes), text);
        }

        return isLegal;
    }

    private static bool IsLegal(ReadOnlySpan<byte> value)
    {
        var reader = new Utf8JsonReader(value);
        try
        {
            // White space around the value is the member's business.
            return reader.Read() && reader.TokenStartIndex == 0 && reader.TrySkip() && reader.BytesConsumed == value.Length && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private bool CompareInstant(string text)
    {
        var isInstant = InstantText.TryParse(Encoding.UTF8.GetBytes(text), out var expected);
        var read = FastInstant.Read(ref Take($"\"{text}\","), out var millis);
        Assert.True((read == text.Length + 2) == isInstant && (isInstant || read == 0), text);
        Assert.True(!isInstant || millis == expected, text);
        return isInstant;
    }

    private void CompareClosed(CaseKey key, string text)
    {
        Assert.Equal(text.Length, Read(key, text + "}", out var packed));
        var registers = default(Registers);
        registers.Packed = packed;
        var code = 0;
        var expected = Words.Of(key) is { } words ? words.TryCode(Encoding.UTF8.GetBytes(text.Trim('"')), out code) ? code : 0 : text == "true"
            ? WordLayout.True : WordLayout.False;
        Assert.Equal(expected, registers.PackedValue(key));
        for (var place = 0; place < text.Length; place++)
        {
            Assert.Equal(0, Read(key, text[..place] + (char)(text[place] ^ 1) + text[(place + 1)..], out _));
        }
    }

    private int Read(CaseKey key, string text, out ulong packed)
    {
        packed = 0;
        return ClosedValues.Read(ref Take(text), (int)key, ref packed);
    }

    private ref byte Take(string text) => ref record.Take(Encoding.UTF8.GetBytes(text));
}

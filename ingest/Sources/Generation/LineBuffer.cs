using System.Buffers.Text;

namespace KpiStream.Ingest.Sources.Generation;

/// <summary>The line being written: grows once to the longest and is used again. Owned by one stream.</summary>
internal sealed class LineBuffer
{
    private const int DateBytes = 10;
    private const int CachedDays = 64; // a power of two, so that a mask finds the place

    private readonly byte[] dates = new byte[CachedDays * DateBytes];
    private readonly int[] dateDays = new int[CachedDays];
    private byte[] bytes = new byte[2048];

    public LineBuffer() => Array.Fill(dateDays, int.MinValue);

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Cut(int length) => Length = length;

    public void Add(ReadOnlySpan<byte> text) => text.CopyTo(Room(text.Length));

    public void Add(byte character) => Room(1)[0] = character;

    public void AddFill(byte character, int count) => Room(count).Fill(character);

    public void AddBool(bool value) => Add(value ? "true"u8 : "false"u8);

    public void AddBool(ReadOnlySpan<byte> before, bool value)
    {
        Add(before);
        AddBool(value);
    }

    public void AddInteger(ReadOnlySpan<byte> before, long value)
    {
        Add(before);
        AddInteger(value);
    }

    public void AddInstant(ReadOnlySpan<byte> before, long millis)
    {
        Add(before);
        AddInstant(millis);
    }

    /// <summary>A text between quotes that needs no escapes.</summary>
    public void AddWord(ReadOnlySpan<byte> before, ReadOnlySpan<byte> word)
    {
        Add(before);
        Add((byte)'"');
        Add(word);
        Add((byte)'"');
    }

    public void AddInteger(long value)
    {
        const int longest = 20;
        Utf8Formatter.TryFormat(value, Room(longest), out var written);
        Length += written - longest;
    }

    /// <summary>A whole number with zeros in front.</summary>
    public void AddPadded(int value, int digits) => WritePadded(Room(digits), value);

    /// <summary>An instant between quotes at an offset from UTC, to the millisecond; <c>null</c> for 0.</summary>
    /// <param name="millis">Milliseconds since 1970 UTC.</param>
    /// <param name="offsetMinutes">Minutes east of UTC.</param>
    public void AddInstant(long millis, int offsetMinutes = 420)
    {
        if (millis == 0)
        {
            Add("null"u8);
            return;
        }

        var local = millis + (offsetMinutes * 60_000L);
        var day = (int)LocalTime.FloorDiv(local, LocalTime.MillisPerDay);
        var clock = (int)(local - (day * LocalTime.MillisPerDay));
        var text = Room(31);
        "\"0000-00-00T00:00:00.000+00:00\""u8.CopyTo(text);
        Date(day).CopyTo(text[1..]);
        WritePadded(text[12..14], clock / 3_600_000);
        WritePadded(text[15..17], clock / 60_000 % 60);
        WritePadded(text[18..20], clock / 1000 % 60);
        WritePadded(text[21..24], clock % 1000);
        text[24] = offsetMinutes < 0 ? (byte)'-' : (byte)'+';
        WritePadded(text[25..27], Math.Abs(offsetMinutes) / 60);
        WritePadded(text[28..30], Math.Abs(offsetMinutes) % 60);
    }

    private ReadOnlySpan<byte> Date(int day)
    {
        var place = day & (CachedDays - 1);
        var text = dates.AsSpan(place * DateBytes, DateBytes);
        if (dateDays[place] != day)
        {
            dateDays[place] = day;
            var date = LocalTime.DateOf(day);
            text.Fill((byte)'-');
            WritePadded(text[..4], date.Year);
            WritePadded(text[5..7], date.Month);
            WritePadded(text[8..10], date.Day);
        }

        return text;
    }

    private static void WritePadded(Span<byte> text, int value)
    {
        for (var i = text.Length - 1; i >= 0; i--)
        {
            text[i] = (byte)('0' + (value % 10));
            value /= 10;
        }
    }

    private Span<byte> Room(int count)
    {
        if (bytes.Length - Length < count)
        {
            Array.Resize(ref bytes, Math.Max(bytes.Length * 2, Length + count));
        }

        Length += count;
        return bytes.AsSpan(Length - count, count);
    }
}

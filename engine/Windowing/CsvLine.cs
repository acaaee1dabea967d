namespace KpiStream.Engine.Windowing;

/// <summary>Lines of CSV on their way to a writer, which gets many at a time. A line longer than the buffer makes it grow. Owned by who writes.</summary>
internal sealed class CsvLine(TextWriter writer)
{
    private const int FlushAt = 1 << 14, LongestNumber = 20;

    private char[] buffer = new char[FlushAt * 2];

    // By column the text added last and how it is written: in ordered rows it is mostly the next one's too.
    private readonly (string Value, string Text)[] last = new (string, string)[3];
    private int used;
    private bool hasFields;

    /// <summary>Adds a field that needs no quotes.</summary>
    public void Add(string text)
    {
        text.CopyTo(Room(text.Length));
        used += text.Length;
    }

    /// <summary>Adds a field that may need quotes.</summary>
    /// <param name="column">0 to 2; each remembers its last text.</param>
    public void AddQuoted(string value, int column)
    {
        if (!ReferenceEquals(last[column].Value, value))
        {
            last[column] = (value, CsvField.Quote(value));
        }

        Add(last[column].Text);
    }

    /// <summary>Adds a number; nothing for null.</summary>
    public void Add(long? value)
    {
        var room = Room(LongestNumber);
        if (value is { } number && number.TryFormat(room, out var length))
        {
            used += length;
        }
    }

    /// <summary>Ends the line.</summary>
    public void End()
    {
        hasFields = false; // no comma before the line feed
        Room(1)[0] = '\n';
        (used, hasFields) = (used + 1, false);
        if (used >= FlushAt)
        {
            Flush();
        }
    }

    /// <summary>Hands the writer what it has not got yet.</summary>
    public void Flush()
    {
        writer.Write(buffer, 0, used);
        used = 0;
    }

    /// <summary>Room behind what is there, and behind a comma where a field goes before.</summary>
    private Span<char> Room(int length)
    {
        if (used + 1 + length > buffer.Length)
        {
            Array.Resize(ref buffer, Math.Max(buffer.Length * 2, used + 1 + length));
        }

        if (hasFields)
        {
            buffer[used++] = ',';
        }

        hasFields = true;
        return buffer.AsSpan(used);
    }
}

namespace KpiStream.Ingest.Kafka;

/// <summary>
/// Passes log lines on, and one that comes again and again ever more seldom, with how often it came: after ten seconds, then a minute, then every ten
/// minutes. Lines
/// that differ in numbers only are the same. Holds a bounded number of lines. Any thread.
/// </summary>
internal sealed class RepeatedLines(Action<string> log, TimeProvider clock)
{
    private const int MostKinds = 256;

    private static readonly TimeSpan[] Pauses = [TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10)];

    private readonly Lock gate = new();
    private readonly Dictionary<string, Kind> kinds = [];

    public void Say(string line)
    {
        if (Note(line) is { } said)
        {
            log(said);
        }
    }

    private string? Note(string line)
    {
        lock (gate)
        {
            var key = string.Create(line.Length, line, static (key, line) => Blank(line, key)).TrimEnd();
            if (!kinds.TryGetValue(key, out var kind) || clock.GetElapsedTime(kind.Seen) >= Pauses[^1])
            {
                if (kinds.Count >= MostKinds)
                {
                    kinds.Clear();
                }

                kinds[key] = new Kind { Said = clock.GetTimestamp(), Seen = clock.GetTimestamp() };
                return line;
            }

            kind.Repeats++;
            kind.Seen = clock.GetTimestamp();
            if (clock.GetElapsedTime(kind.Said) < Pauses[kind.Step])
            {
                return null;
            }

            var said = $"{line} ({kind.Repeats} times in {clock.GetElapsedTime(kind.Said).TotalSeconds:0} s)";
            (kind.Said, kind.Repeats, kind.Step) = (kind.Seen, 0, Math.Min(kind.Step + 1, Pauses.Length - 1));
            return said;
        }
    }

    // Digits are left out.
    private static void Blank(ReadOnlySpan<char> line, Span<char> key)
    {
        var length = 0;
        foreach (var letter in line)
        {
            if (!char.IsAsciiDigit(letter))
            {
                key[length++] = letter;
            }
        }

        key[length..].Fill(' ');
    }

    private sealed class Kind
    {
        public long Said { get; set; }

        public long Seen { get; set; }

        public int Repeats { get; set; }

        public int Step { get; set; }
    }
}

namespace KpiStream.Ingest.Host.Output.DeadLetters;

/// <summary>
/// How many letters a source may leave: <see cref="Burst"/> at once, and as many an hour. A source that sends nothing but rejects is then a few letters among
/// the others and does not push them out of a file that keeps the newest; the rest is counted. Any thread. Bound: a few words for each of the first
/// <see cref="MostSources"/> sources, which the settings name; more share one allowance.
/// </summary>
/// <param name="say">Told once when letters begin to be left out, and how many when they end to be.</param>
/// <param name="time">Measures the hours.</param>
internal sealed class LetterAllowance(Action<string> say, TimeProvider time)
{
    /// <summary>More than anybody reads, and a twentieth of what the file holds by default.</summary>
    public const int Burst = 10_000;

    private const int MostSources = 1_000;

    private static readonly TimeSpan Refill = TimeSpan.FromHours(1);

    private readonly Dictionary<string, Account> accounts = [];
    private readonly Lock gate = new();
    private long omitted;

    /// <summary>Letters left out since the start; they are counted as rejected all the same.</summary>
    public long Omitted => Interlocked.Read(ref omitted);

    /// <summary>True when a letter of the source may be kept.</summary>
    public bool TryTake(in DeadLetter letter)
    {
        string? told;
        bool isTaken;
        lock (gate)
        {
            isTaken = AccountOf(letter.Source).TryTake(time, out told);
        }

        if (!isTaken)
        {
            Interlocked.Increment(ref omitted);
        }

        if (told is not null)
        {
            say($"{letter.Source}: {told}");
        }

        return isTaken;
    }

    private Account AccountOf(string source)
    {
        var name = accounts.Count < MostSources || accounts.ContainsKey(source) ? source : "";
        if (!accounts.TryGetValue(name, out var account))
        {
            accounts.Add(name, account = new Account(time.GetTimestamp()));
        }

        return account;
    }

    private sealed class Account(long since)
    {
        private double left = Burst;
        private long seen = since;
        private long leftOut;

        public bool TryTake(TimeProvider time, out string? told)
        {
            var now = time.GetTimestamp();
            left = Math.Min(Burst, left + (Burst * (time.GetElapsedTime(seen, now) / Refill)));
            seen = now;

            // Taken up again by the hundred, so that it is not said with every letter.
            if (leftOut > 0 ? left < Burst / 100 : left < 1)
            {
                told = leftOut++ == 0 ? $"more than {Burst} records were rejected within an hour; the next ones are counted, not noted one by one "
                    + "(kpistream_dead_letters_omitted_total)." : null;
                return false;
            }

            told = leftOut > 0 ? $"{leftOut} rejected records were counted and not noted; they are noted again." : null;
            leftOut = 0;
            left--;
            return true;
        }
    }
}

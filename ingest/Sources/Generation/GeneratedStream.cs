using KpiStream.Ingest.Sources.Configuration.Rules;

namespace KpiStream.Ingest.Sources.Generation;

/// <summary>
/// A seeded synthetic stream of case events, one line after another in the order they arrive. The same options give the same bytes
/// everywhere and always. Memory does not grow with the stream. Owned by one thread.
/// </summary>
public sealed class GeneratedStream
{
    /// <summary>Hưng Yên's 4,900 cases per working day on 104 communes (July and August 2025).</summary>
    internal const long CasesPerUnitAndDay = 47;

    /// <summary>Lines per case over its whole life, resends included; measured on this generator.</summary>
    internal const long LinesPerHundredCases = 570;

    /// <summary>Short streams get fewer cases a day rather than fewer days: ratios need cases that have had time to end.</summary>
    private const long FewestDays = 10;

    private const int HostilePermille = 20;

    private readonly GenerateOptions options;
    private readonly CaseWorld world;
    private readonly LineBuffer line = new();
    private readonly LineBuffer key = new();
    private readonly MixedLine mixed;
    private readonly HostileLine hostile;
    private SeededRandom random;
    private CasePicture picture;

    public GeneratedStream(GenerateOptions options)
    {
        this.options = options;
        var start = LocalTime.DayOf(options.Start);
        world = new CaseWorld(
            options.Units, options.Seed, LocalTime.StartOfDay(start), CasesPerDay(options, start), options.Profile == GenerateProfile.Ordinary);
        mixed = new MixedLine(line, world.Units);
        hostile = new HostileLine(line);
        random = new SeededRandom(~options.Seed);
    }

    /// <summary>The current line without a line feed; good until the next call of <see cref="MoveNext"/>.</summary>
    public ReadOnlySpan<byte> Line => line.Written;

    /// <summary>The current line's case code, Kafka's key; good until the next call of <see cref="MoveNext"/>.</summary>
    public ReadOnlySpan<byte> Key => key.Written;

    /// <summary>When the current line arrived, milliseconds since 1970 UTC; never less than before.</summary>
    public long Arrival { get; private set; }

    /// <summary>Lines given so far.</summary>
    public long Count { get; private set; }

    /// <summary>Lines given so far that must be rejected.</summary>
    public long HostileCount { get; private set; }

    /// <summary>Cases the simulated offices have open: what memory grows with.</summary>
    public int OpenCases => world.OpenCases;

    /// <summary>Makes the next line; false at the stream's end.</summary>
    public bool MoveNext()
    {
        if (Count >= options.Events)
        {
            return false;
        }

        line.Clear();
        if (options.Profile == GenerateProfile.Hostile && Count > 0 && random.Chance(HostilePermille))
        {
            OrdinaryLine.Write(line, world.Units, picture);
            hostile.Spoil();
            HostileCount++;
        }
        else if (!TryWriteNext())
        {
            return false;
        }

        Count++;
        return true;
    }

    private bool TryWriteNext()
    {
        if (!world.TryTake(options.End ?? long.MaxValue - 1, out var next, out var arrival))
        {
            return false;
        }

        picture = next;
        Arrival = arrival;
        key.Clear();
        CaseCode.Write(key, world.Units, picture.Number);
        if (options.Profile == GenerateProfile.Ordinary)
        {
            OrdinaryLine.Write(line, world.Units, picture);
        }
        else
        {
            mixed.Write(picture);
        }

        return true;
    }

    private static long CasesPerDay(GenerateOptions options, int start)
    {
        if (options.CasesPerDay > 0)
        {
            return options.CasesPerDay;
        }

        var usual = options.Units.Rows.Count(options.Units.IsShownAtZero) * CasesPerUnitAndDay;
        var cases = Math.Max(1, options.Events / LinesPerHundredCases * 100);
        if (options.End is not { } end)
        {
            return Math.Max(1, Math.Min(usual, cases / FewestDays));
        }

        var days = Enumerable.Range(start, Math.Max(1, LocalTime.DayOf(end) - start + 1)).Count(Shipped.Calendar.IsWorkingDay);
        return Math.Max(1, cases / Math.Max(1, days));
    }
}

namespace KpiStream.Ingest.Sources.Generation;

/// <summary>
/// Who gets how many cases. Communes are skewed like 1/rank in an order the seed draws; the eleven communes of the letter of July 2025 stay far
/// under the others, so that the low-volume rule has something to find. Immutable after construction.
/// </summary>
internal sealed class UnitLoad
{
    /// <summary>Softens the top of 1/rank: the busiest commune gets about four times the mean.</summary>
    private const int RankOffset = 10;
    private const long WeightScale = 1_000_000;

    /// <summary>Low-volume communes get this share of the mean in a thousand: about 30 cases where others have 500.</summary>
    private const int LowPermille = 50;

    private static readonly HashSet<string> LowVolume = new()
    {
        "12595", "12850", "12634", "13219", "12862", "12466", "12685", "12631", "13183", "13222", "13246",
    };

    private readonly long[] cumulative;
    private readonly int[] provinceStart;
    private readonly int[] provinceEnd;
    private readonly int oldUnits;

    public UnitLoad(UnitDirectory directory, ref SeededRandom random)
    {
        var live = directory.Rows.Where(directory.IsShownAtZero)
            .OrderBy(row => row.Parent).ThenBy(row => row.Code).ToArray();
        if (live.Length == 0)
        {
            throw new ArgumentException("The directory has no unit that could get cases.", nameof(directory));
        }

        var old = directory.Rows.Where(row => row.ValidTo is not null).ToArray();
        Live = live.Length;
        oldUnits = old.Length;
        Codes = [.. live.Concat(old).Select(row => row.Code).Append("99999").Select(Encoding.UTF8.GetBytes)];
        Sources = [.. live.Select(row => Encoding.UTF8.GetBytes(ProvinceCodes.SourceOf(row.Parent ?? "")))];
        Prefixes = [.. live.Select(row => Encoding.UTF8.GetBytes($"{ProvinceCodes.IdentifierOf(row.Parent ?? "")}.{row.Code}-"))];
        (provinceStart, provinceEnd) = Provinces(live);
        cumulative = Weigh(live, ref random);
    }

    /// <summary>Units that get cases: the first this many of <see cref="Codes"/>.</summary>
    public int Live { get; }

    /// <summary>Unit codes; behind the live ones the old ones, and one that is in no directory.</summary>
    public byte[][] Codes { get; }

    /// <summary>The source of each live unit's events.</summary>
    public byte[][] Sources { get; }

    /// <summary>The beginning of each live unit's case codes.</summary>
    public byte[][] Prefixes { get; }

    /// <summary>Draws a unit by its load.</summary>
    public int Draw(ref SeededRandom random) => UnitAt(random.Below(cumulative[^1]));

    /// <summary>Draws a unit of the same province by its load: someone filing where it suits.</summary>
    public int DrawNeighbour(int unit, ref SeededRandom random)
    {
        var below = provinceStart[unit] == 0 ? 0 : cumulative[provinceStart[unit] - 1];
        return UnitAt(random.Between(below, cumulative[provinceEnd[unit] - 1] - 1));
    }

    /// <summary>Draws a code that is no more, or never was.</summary>
    public int DrawStrange(ref SeededRandom random) => Live + (int)(random.Chance(150) ? oldUnits : random.Below(oldUnits + 1));

    private int UnitAt(long load)
    {
        var index = Array.BinarySearch(cumulative, load);
        return index < 0 ? ~index : index + 1;
    }

    private static long[] Weigh(UnitRow[] live, ref SeededRandom random)
    {
        var ranks = Enumerable.Range(0, live.Length).ToArray();
        for (var i = ranks.Length - 1; i > 0; i--)
        {
            var j = (int)random.Below(i + 1);
            (ranks[i], ranks[j]) = (ranks[j], ranks[i]);
        }

        var weights = ranks.Select(rank => WeightScale / (rank + RankOffset)).ToArray();
        var mean = weights.Sum() / weights.Length;
        var total = 0L;
        var sums = new long[weights.Length];
        for (var i = 0; i < weights.Length; i++)
        {
            total += Math.Max(1, LowVolume.Contains(live[i].Code) ? mean * LowPermille / 1000 : weights[i]);
            sums[i] = total;
        }

        return sums;
    }

    private static (int[] Start, int[] End) Provinces(UnitRow[] live)
    {
        var start = new int[live.Length];
        var end = new int[live.Length];
        for (var i = 1; i < live.Length; i++)
        {
            start[i] = live[i].Parent == live[i - 1].Parent ? start[i - 1] : i;
        }

        for (var i = live.Length - 1; i >= 0; i--)
        {
            end[i] = i + 1 < live.Length && live[i].Parent == live[i + 1].Parent ? end[i + 1] : i + 1;
        }

        return (start, end);
    }
}

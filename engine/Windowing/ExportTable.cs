using KpiStream.Engine.Kpis;

namespace KpiStream.Engine.Windowing;

/// <summary>
/// The counts of an export, brought into its order: kpi, unit, period, from by their UTF-8 bytes. Names are compared once each, and of a unit in a stretch
/// of time the counts lie in the order of their kpi already, so that the rows are only walked. Bound: 16 bytes a row. Owned by who exports.
/// </summary>
/// <param name="kpis">The columns' names.</param>
/// <param name="isRatio">By column, whether it has a numerator.</param>
internal sealed class ExportTable(string[] kpis, bool[] isRatio)
{
    private readonly List<(string Period, string From, string To)> stretches = [];
    private readonly Dictionary<string, int> units = [];
    private readonly List<Block> blocks = [];
    private readonly List<Count> counts = [];
    private readonly int[] columns = Order(kpis, CsvField.CompareBytes);

    /// <summary>All columns in the order in which they are to be added.</summary>
    public ReadOnlySpan<int> Columns => columns;

    /// <summary>Begins a stretch of time.</summary>
    public void Begin(string period, string from, string to) => stretches.Add((period, from, to));

    /// <summary>Begins a unit of the stretch, which has not had it yet.</summary>
    public void Begin(string unit)
    {
        var number = units.TryGetValue(unit, out var known) ? known : units.Count;
        units.TryAdd(unit, number);
        blocks.Add(new Block(number, stretches.Count - 1, counts.Count));
    }

    /// <summary>Adds a count of the unit and stretch.</summary>
    public void Add(int column, FigureCount count) =>
        counts.Add(new Count(column, (int)count.Denominator, (int)count.Numerator, (int)count.Unobserved));

    /// <summary>All rows in order. To be walked once, when nothing is added any more.</summary>
    public IEnumerable<FigureRow> Rows()
    {
        string[] codes = [.. units.Keys];
        var unitPlaces = Inverse(Order(codes, CsvField.CompareBytes));
        var stretchPlaces = Inverse(Order(stretches.ToArray(), CompareStretches));
        var next = blocks.ConvertAll(static block => block.First).ToArray();
        var inOrder = Enumerable.Range(0, blocks.Count).ToArray();
        Array.Sort(Array.ConvertAll(inOrder, block => ((ulong)unitPlaces[blocks[block].Unit] << 32) | (uint)stretchPlaces[blocks[block].Stretch]), inOrder);
        foreach (var column in columns)
        {
            foreach (var block in inOrder)
            {
                if (next[block] < (block + 1 < blocks.Count ? blocks[block + 1].First : counts.Count) && counts[next[block]] is var count
                    && count.Column == column)
                {
                    next[block]++;
                    var (period, from, to) = stretches[blocks[block].Stretch];
                    yield return new FigureRow(kpis[column], codes[blocks[block].Unit], period, from, to, count.Denominator,
                        isRatio[column] ? count.Numerator : null, isRatio[column] ? count.Unobserved : null);
                }
            }
        }
    }

    private static int CompareStretches((string Period, string From, string To) left, (string Period, string From, string To) right) =>
        CsvField.CompareBytes(left.Period, right.Period) is not 0 and var order ? order : CsvField.CompareBytes(left.From, right.From);

    /// <summary>The numbers of the values in the order of the values.</summary>
    private static int[] Order<T>(T[] values, Comparison<T> compare)
    {
        var order = Enumerable.Range(0, values.Length).ToArray();
        Array.Sort(order, (left, right) => compare(values[left], values[right]) is not 0 and var by ? by : left.CompareTo(right));
        return order;
    }

    private static int[] Inverse(int[] order)
    {
        var places = new int[order.Length];
        for (var place = 0; place < order.Length; place++)
        {
            places[order[place]] = place;
        }

        return places;
    }

    /// <summary>A unit in a stretch, with the first of its counts.</summary>
    private readonly record struct Block(int Unit, int Stretch, int First);

    private readonly record struct Count(int Column, int Denominator, int Numerator, int Unobserved);
}

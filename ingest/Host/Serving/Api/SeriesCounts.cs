namespace KpiStream.Ingest.Host.Serving.Api;

/// <summary>What all shards counted for the points of a series.</summary>
/// <param name="unit">The unit asked for.</param>
/// <param name="rows">By shard and point, a row of lanes.</param>
/// <param name="procedures">By shard and point; of every shard empty where nobody asks for procedures.</param>
internal sealed class SeriesCounts(StreamEngine engine, string unit, IReadOnlyList<int[][]> rows, IReadOnlyList<IReadOnlyList<ProcedureSums>> procedures)
{
    public FigureCount Of(FigureDefinition figure, int point)
    {
        if (figure == ProcedureFigures.PaidNationally)
        {
            return OfProcedures(point);
        }

        var compiled = engine.Rules.Figures.First(known => known.Definition.Id == figure.Id);
        return rows.Aggregate(default(FigureCount), (sum, shard) => sum + compiled.Sum(shard[point].AsSpan(compiled.FirstLane, compiled.LaneCount)));
    }

    private FigureCount OfProcedures(int point)
    {
        var all = new ProcedureSums();
        foreach (var shard in procedures)
        {
            all.Merge(shard[point]);
        }

        return ProcedureSums.Count(all.Of(province => engine.Options.Directory.IsAtOrBelow(engine.Options.Codes.Units.Text(province), unit)));
    }
}

using System.Net;

namespace KpiStream.Ingest.Host.Runs.Load;

/// <summary>A line of a chart.</summary>
/// <param name="Colour">One of the page's colours, 1 to 4.</param>
/// <param name="IsOther">True for the run beside, drawn in dashes.</param>
internal sealed record ChartLine(string Name, IReadOnlyList<(double X, double Y)> Points, int Colour, bool IsOther = false);

/// <summary>A chart as SVG: lines over one axis, from zero. Pure.</summary>
internal sealed record LineChart(string Title, string Unit, string Axis, IReadOnlyList<ChartLine> Lines)
{
    private const int Width = 640, Height = 240, Left = 64, Right = 12, Top = 12, Bottom = 34;

    /// <summary>Where the axis is marked, and how; null for round numbers along it.</summary>
    public IReadOnlyList<(double X, string Text)>? Marks { get; init; }

    /// <summary>True where values of very different size are shown: the axis upwards is logarithmic.</summary>
    public bool IsLogarithmic { get; init; }

    private double MostX => Math.Max(1e-9, Lines.SelectMany(static line => line.Points).Select(static point => point.X).DefaultIfEmpty(1).Max());

    private double MostY => Math.Max(1e-9, Lines.SelectMany(static line => line.Points).Select(static point => point.Y).DefaultIfEmpty(1).Max());

    private double LeastY => IsLogarithmic
        ? Math.Pow(10, Math.Floor(Math.Log10(Lines.SelectMany(static line => line.Points).Select(static point => point.Y).Where(static y =>
            y > 0).DefaultIfEmpty(0.001).Min())))
        : 0;

    public void Write(StringBuilder page)
    {
        if (Lines.All(static line => line.Points.Count == 0))
        {
            return;
        }

        page.Append($"<figure><figcaption>{Text(Title)} <small>{Text(Unit)}</small></figcaption>")
            .Append($"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{Text(Title)}\">");
        foreach (var value in Steps())
        {
            var y = PlaceY(value);
            page.Append($"<path class=\"grid\" d=\"M{Left} {y:0.0}H{Width - Right}\"/>")
                .Append($"<text x=\"{Left - 6}\" y=\"{y + 4:0.0}\" class=\"end\">{Number(value)}</text>");
        }

        foreach (var (x, mark) in Marks ?? [.. RoundNumbers(MostX).Select(static x => (x, Number(x)))])
        {
            page.Append($"<text x=\"{PlaceX(x):0.0}\" y=\"{Height - Bottom + 16}\" class=\"mid\">{Text(mark)}</text>");
        }

        page.Append($"<text x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 4}\" class=\"mid\">{Text(Axis)}</text>");
        foreach (var line in Lines.Where(static line => line.Points.Count > 0))
        {
            var points = string.Join(' ', line.Points.Select(point => $"{PlaceX(point.X):0.0},{PlaceY(point.Y):0.0}"));
            page.Append($"<polyline class=\"c{line.Colour}{(line.IsOther ? " other" : "")}\" points=\"{points}\"/>");
        }

        page.Append("</svg><p class=\"key\">");
        foreach (var line in Lines)
        {
            page.Append($"<span class=\"k{line.Colour}{(line.IsOther ? " other" : "")}\">{Text(line.Name)}</span> ");
        }

        page.Append("</p></figure>");
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);

    private static string Number(double value) => value switch
    {
        >= 1e6 => $"{value / 1e6:0.##}M",
        >= 1e4 => $"{value / 1e3:0.#}k",
        _ => $"{value:0.###}",
    };

    private IEnumerable<double> Steps() => IsLogarithmic ? RoundPowers(LeastY, MostY) : RoundNumbers(MostY);

    /// <summary>Zero and three to five round numbers above it.</summary>
    private static IEnumerable<double> RoundNumbers(double most)
    {
        var step = Math.Pow(10, Math.Floor(Math.Log10(most / 2)));
        step *= most / step > 10 ? 5 : most / step > 5 ? 2 : 1;
        for (var part = 0; part * step <= most * 1.0001; part++)
        {
            yield return part * step;
        }
    }

    /// <summary>Powers of ten; within two of them, twice and five times each besides.</summary>
    private static IEnumerable<double> RoundPowers(double least, double most)
    {
        double[] parts = most / least > 100 ? [1] : [1, 2, 5];
        for (var power = least; power <= most * 1.0001; power *= 10)
        {
            foreach (var value in parts.Select(part => part * power).Where(value => value <= most * 1.0001))
            {
                yield return value;
            }
        }
    }

    private double PlaceX(double x) => Left + ((Width - Left - Right) * x / MostX);

    private double PlaceY(double y)
    {
        var share = !IsLogarithmic ? y / MostY
            : MostY <= LeastY ? 1 : Math.Max(0, (Math.Log10(Math.Max(y, LeastY)) - Math.Log10(LeastY)) / (Math.Log10(MostY) - Math.Log10(LeastY)));
        return Height - Bottom - ((Height - Top - Bottom) * share);
    }
}

using System.Text.RegularExpressions;

namespace KpiStream.Ingest.Sources.Configuration.Loads;

/// <summary>What is measured of a run.</summary>
public enum LoadMeasure
{
    /// <summary>From the planned moment until the event was counted; over HTTP, until it was on the server's disk.</summary>
    Applied,

    /// <summary>Until it was in a published frame.</summary>
    Published,

    /// <summary>Until a board's client had that frame.</summary>
    Received,

    /// <summary>Until a published frame, without the wait for the frame's own time.</summary>
    Beyond,

    /// <summary>Until the sender began with it: how exactly the plan was kept.</summary>
    Lag,

    /// <summary>Events a second, from the first to the moment when all were counted.</summary>
    Sustained,
}

/// <summary>A condition on a run, like <c>applied p99.9 &lt; 50 ms</c> or <c>sustained &gt;= 200k/s</c>.</summary>
/// <param name="Text">As it was written.</param>
/// <param name="Percentile">0 to 100; 100 is the maximum. Unused for a rate.</param>
/// <param name="IsUpper">True where what is measured must not be more.</param>
/// <param name="IsStrict">True where it must not be equal either.</param>
/// <param name="Bound">Nanoseconds, or events a second.</param>
public sealed partial record LoadGoal(string Text, LoadMeasure Measure, double Percentile, bool IsUpper, bool IsStrict, double Bound)
{
    /// <summary>For messages.</summary>
    public const string Examples = "'p99.9 < 50 ms', 'received max < 2 s' or 'sustained >= 200k/s'";

    /// <summary>Reads one; a latency without a name is that to <c>applied</c>. Null when it cannot be read.</summary>
    public static LoadGoal? TryParse(string text)
    {
        if (Form().Match(text.Trim()) is not { Success: true } found)
        {
            return null;
        }

        var isRate = found.Groups["rate"].Success;
        var bound = double.Parse(found.Groups["number"].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) * Unit(found.Groups["unit"].Value);
        var sign = found.Groups["sign"].Value;
        if (isRate != found.Groups["unit"].Value.EndsWith("/s"))
        {
            return null;
        }

        var measure = isRate ? LoadMeasure.Sustained
            : Enum.TryParse<LoadMeasure>(found.Groups["measure"].Value, ignoreCase: true, out var named) ? named : LoadMeasure.Applied;
        var percentile = found.Groups["percentile"].Value is { Length: > 0 } p ? double.Parse(p, CultureInfo.InvariantCulture) : 100;
        return percentile > 100 ? null : new LoadGoal(text.Trim(), measure, percentile, sign[0] is '<' or '≤', sign is "<" or ">", bound);
    }

    /// <summary>True when a value reaches it; what was not measured reaches nothing.</summary>
    public bool IsMetBy(double? measured) => measured is { } value
        && (IsUpper ? value < Bound || (value == Bound && !IsStrict) : value > Bound || (value == Bound && !IsStrict));

    private static double Unit(string unit) => unit switch
    {
        "ns" => 1,
        "us" or "µs" => 1e3,
        "ms" => 1e6,
        "s" => 1e9,
        "k/s" => 1e3,
        "M/s" => 1e6,
        _ => 1,
    };

    [GeneratedRegex(@"^((?<rate>sustained)|((?<measure>applied|published|received|beyond|lag)\s+)?(p(?<percentile>\d{1,3}(\.\d+)?)|max))"
        + @"\s*(?<sign><=|>=|<|>|≤|≥)\s*(?<number>\d+(\.\d+)?)\s*(?<unit>ns|us|µs|ms|s|/s|k/s|M/s)$", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Form();
}

using KpiStream.Ingest.Sources.Configuration.Text;
using KpiStream.Ingest.Sources.Loads;

namespace KpiStream.Ingest.Sources.Configuration.Loads;

/// <summary>Reads when events are due: one of speed, rate, ramp, spike, steps and soak.</summary>
internal static class PaceYaml
{
    private static readonly string[] Kinds = ["speed", "rate", "ramp", "spike", "steps", "soak"];

    /// <summary>The pace of a plan; null after a mistake, and the pace of <paramref name="usual"/> where none is given.</summary>
    public static LoadPace? Read(YamlSection plan, LoadPace usual)
    {
        var given = Kinds.Where(kind => plan.Find(kind) is not null).ToList();
        if (given.Count > 1)
        {
            plan.Report(given[1], $"there is one pace: {given[0]} is given too; remove one of them");
            return null;
        }

        return given switch
        {
            [] => usual,
            ["speed"] => Speed(plan),
            ["rate"] => plan.Rate("rate") is { } rate ? RatePace.Fixed(rate) : null,
            ["ramp"] => Of(plan.Section("ramp"), Ramp),
            ["spike"] => Of(plan.Section("spike"), Spike),
            ["soak"] => Of(plan.Section("soak"), Soak),
            _ => Steps(plan),
        };
    }

    /// <summary>A rate like <c>500/s</c>, <c>20k/s</c> or a plain number of events a second.</summary>
    public static double? Rate(this YamlSection section, string key)
    {
        if (section.RequiredText(key) is not { } text)
        {
            return null;
        }

        if (LoadRates.TryRate(text, out var rate))
        {
            return rate;
        }

        section.Report(key, $"must be {LoadRates.RateForm}, not '{text}'");
        return null;
    }

    private static LoadPace? Speed(YamlSection plan)
    {
        var text = plan.RequiredText("speed")!;
        if (LoadRates.TrySpeed(text, out var pace))
        {
            return pace;
        }

        plan.Report("speed", $"must be {LoadRates.SpeedForm}, not '{text}'");
        return null;
    }

    private static RatePace? Of(YamlSection? section, Func<YamlSection, RatePace?> read)
    {
        var pace = section is null ? null : read(section);
        section?.Close();
        return pace;
    }

    private static RatePace? Ramp(YamlSection section)
    {
        var (from, to, over) = (section.Rate("from"), section.Rate("to"), Length(section, "over"));
        return from is { } low && to is { } high && over is { } length
            ? new RatePace($"ramp {low:0.###}/s to {high:0.###}/s", [new RateSegment(low, high, length)]) : null;
    }

    private static RatePace? Spike(YamlSection section)
    {
        var (low, high) = (section.Rate("base"), section.Rate("peak"));
        var (after, length, rest) = (Length(section, "after"), Length(section, "for"), Length(section, "rest"));
        return low is { } usual && high is { } peak && after is { } before && length is { } during && rest is { } then
            ? new RatePace(
                $"spike of {peak:0.###}/s on {usual:0.###}/s",
                [new RateSegment(usual, usual, before), new RateSegment(peak, peak, during), new RateSegment(usual, usual, then)])
            : null;
    }

    private static RatePace? Soak(YamlSection section)
    {
        var (rate, length) = (section.Rate("rate"), Length(section, "for"));
        return rate is { } even && length is { } over
            ? new RatePace($"soak {even:0.###}/s", [new RateSegment(even, even, over)]) : null;
    }

    private static RatePace? Steps(YamlSection plan)
    {
        var segments = new List<RateSegment>();
        var isWhole = true;
        foreach (var step in plan.Sections("steps", mayBeEmpty: false))
        {
            var (rate, length) = (step.Rate("rate"), Length(step, "for"));
            step.Close();
            if (rate is { } even && length is { } over)
            {
                segments.Add(new RateSegment(even, even, over));
            }
            else
            {
                isWhole = false;
            }
        }

        return isWhole && segments.Count > 0 ? new RatePace($"{segments.Count} steps", segments) : null;
    }

    private static TimeSpan? Length(YamlSection section, string key)
    {
        if (section.RequiredText(key) is not { } text)
        {
            return null;
        }

        if (DurationText.TryParse(text, null, out var length) && length > TimeSpan.Zero && length <= TimeSpan.FromDays(31))
        {
            return length;
        }

        section.Report(key, $"must be a duration up to 31d, like {DurationText.Examples}, not '{text}'");
        return null;
    }
}

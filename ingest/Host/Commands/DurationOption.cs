using System.CommandLine;
using System.Globalization;

namespace KpiStream.Ingest.Host.Commands;

/// <summary>Options that take a stretch of time like <c>30s</c>, <c>10m</c>, <c>1h</c> or <c>1d</c>, or <c>off</c>, and say so when they are given anything else.</summary>
internal static class DurationOption
{
    /// <summary>A month: what is done more seldom is not done.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(31);

    /// <param name="name">With its dashes.</param>
    /// <param name="description">For the help.</param>
    /// <param name="usual">What holds when the option is not given; zero is off.</param>
    public static Option<TimeSpan> Create(string name, string description, TimeSpan usual) => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => usual,
        CustomParser = result =>
        {
            if (TryParse(result.Tokens[0].Value, out var time))
            {
                return time;
            }

            result.AddError($"{name}: '{result.Tokens[0].Value}' is no time like 30s, 10m, 1h or 1d (1s to 31d), nor off.");
            return usual;
        },
    };

    private static bool TryParse(string text, out TimeSpan time)
    {
        time = TimeSpan.Zero;
        if (text == "off")
        {
            return true;
        }

        var isNumber = int.TryParse(text.AsSpan(0, Math.Max(0, text.Length - 1)), NumberStyles.None, CultureInfo.InvariantCulture, out var count);
        var unit = !isNumber ? 0 : text[^1] switch { 's' => TimeSpan.TicksPerSecond, 'm' => TimeSpan.TicksPerMinute, 'h' => TimeSpan.TicksPerHour, 'd' => TimeSpan.TicksPerDay, _ => 0 };
        if (unit == 0 || count == 0 || count > Longest.Ticks / unit)
        {
            return false;
        }

        time = TimeSpan.FromTicks(count * unit);
        return true;
    }
}

namespace KpiStream.Ingest.Sources.Configuration.Text;

/// <summary>Reads single values of a section; a wrong one is reported with what is allowed and read as absent.</summary>
internal static class YamlValues
{
    /// <summary>An http or https address that must be there.</summary>
    public static Uri? WebAddress(this YamlSection section, string key)
    {
        if (section.RequiredText(key) is not { } text)
        {
            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps))
        {
            return uri;
        }

        section.Report(key, "must be an address beginning with http:// or https://");
        return null;
    }

    /// <summary>A whole number within bounds, both included.</summary>
    public static int? Integer(this YamlSection section, string key, int least, int most)
    {
        if (section.Text(key) is not { } text)
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
        {
            return value;
        }

        section.Report(key, $"must be a whole number from {least} to {most}, not '{text}'");
        return null;
    }

    /// <summary>true or false.</summary>
    public static bool? Flag(this YamlSection section, string key)
    {
        if (section.Text(key) is not { } text)
        {
            return null;
        }

        if (text is "true" or "false")
        {
            return text == "true";
        }

        section.Report(key, $"must be true or false, not '{text}'");
        return null;
    }

    /// <summary>A duration (<see cref="DurationText"/>) within bounds, both included.</summary>
    /// <param name="section">Where it stands.</param>
    /// <param name="older">An older key of the same setting, which ends in the unit that it counts, like <c>_seconds</c>.</param>
    /// <param name="least">The shortest allowed.</param>
    /// <param name="most">The longest allowed.</param>
    public static TimeSpan? Duration(this YamlSection section, string key, string older, TimeSpan least, TimeSpan most)
    {
        var unit = older[(older.LastIndexOf('_') + 1)..] switch
        {
            "seconds" => TimeSpan.FromSeconds(1),
            "minutes" => TimeSpan.FromMinutes(1),
            _ => TimeSpan.FromHours(1),
        };
        var (text, olderText) = (section.Text(key), section.TextOfOlder(older));
        if (text is not null && olderText is not null)
        {
            section.Report(older, $"is an older name of '{key}', which is set too; remove one of them");
            return null;
        }

        var name = text is null ? older : key;
        if ((text ?? olderText) is not { } written)
        {
            return null;
        }

        if (DurationText.TryParse(written, text is null ? unit : null, out var duration) && duration >= least && duration <= most)
        {
            return duration;
        }

        section.Report(name, text is null
            ? $"must be a whole number from {least / unit:0} to {most / unit:0}, or a duration like {DurationText.Examples}, not '{written}'"
            : $"must be a duration from {(least == TimeSpan.Zero ? "0" : DurationText.Of(least))} to {DurationText.Of(most)}, like "
                + $"{DurationText.Examples}, not '{written}'");
        return null;
    }

    /// <summary>As <see cref="Duration"/>, of a setting that is counted in seconds: a part of one is refused and not left out.</summary>
    public static TimeSpan? WholeSeconds(this YamlSection section, string key, string older, TimeSpan least, TimeSpan most)
    {
        var duration = section.Duration(key, older, least, most);
        if (duration is not { } read || read.Ticks % TimeSpan.TicksPerSecond == 0)
        {
            return duration;
        }

        section.Report(key, $"must be whole seconds, like {Math.Ceiling(read.TotalSeconds):0}s, not '{DurationText.Of(read)}'");
        return null;
    }

    /// <summary>A day of the calendar.</summary>
    public static DateOnly? Date(this YamlSection section, string key)
    {
        if (section.Text(key) is not { } text)
        {
            return null;
        }

        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            return date;
        }

        section.Report(key, $"must be a date like 2025-07-01, not '{text}'");
        return null;
    }

    /// <summary>A ratio, written as <c>70 %</c> or <c>0.7</c>; 0–1.</summary>
    public static double? Ratio(this YamlSection section, string key)
    {
        if (section.Text(key) is not { } text)
        {
            return null;
        }

        if (RatioOf(text) is { } ratio)
        {
            return ratio;
        }

        section.Report(key, $"must be a ratio like 70 % or 0.7, at most 100 %, not '{text}'");
        return null;
    }

    /// <summary>A ratio's text; null when it is none.</summary>
    public static double? RatioOf(string text)
    {
        var isPercent = text.EndsWith('%');
        var number = isPercent ? text.AsSpan(..^1).TrimEnd() : text;

        // Decimal arithmetic: 70 % must be the very double that 0.7 is.
        var isNumber = decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value);
        value = isPercent ? value / 100m : value;
        return isNumber && value <= 1m ? (double)value : null;
    }

    /// <summary>One of a few words.</summary>
    public static T? Word<T>(this YamlSection section, string key, bool required = false)
        where T : struct, Enum
    {
        if ((required ? section.RequiredText(key) : section.Text(key)) is not { } text)
        {
            return null;
        }

        var words = Enum.GetNames<T>().Select(name => name.ToLowerInvariant()).ToList();
        var index = words.IndexOf(text);
        if (index >= 0)
        {
            return Enum.GetValues<T>()[index];
        }

        section.Report(key, $"unknown word '{text}'; {Suggestion.Sentence(text, words)}");
        return null;
    }

    /// <summary>Two days in order, either of which may be open.</summary>
    public static (DateOnly? From, DateOnly? To) Span(this YamlSection section)
    {
        var from = section.Date("from");
        var to = section.Date("to");
        if (from > to)
        {
            section.Report("to", $"must not be before 'from' ({from:yyyy-MM-dd})");
        }

        return (from, to);
    }
}

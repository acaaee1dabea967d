using KpiStream.Ingest.Sources.Loads;

namespace KpiStream.Ingest.Sources.Configuration.Loads;

/// <summary>Rates and speeds as they are written in plans and on the command line.</summary>
public static class LoadRates
{
    public const string RateForm = "a rate like 500/s, 20k/s or 1.5M/s, or a number of events a second";

    public const string SpeedForm = "max, or a multiple of the recorded pace like 1x or 60x";

    private const double Most = 1e9;

    /// <summary>Events per second, more than 0 and at most a thousand million.</summary>
    public static bool TryRate(string text, out double rate)
    {
        var number = text.EndsWith("/s") ? text[..^2] : text;
        var unit = number.Length == 0 ? 1 : number[^1] switch { 'k' => 1e3, 'M' => 1e6, _ => 1 };
        var isNumber = double.TryParse(unit > 1 ? number[..^1] : number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out rate);
        rate *= unit;
        return isNumber && rate is > 0 and <= Most;
    }

    /// <summary><c>max</c>, or a factor with an <c>x</c> behind it.</summary>
    public static bool TrySpeed(string text, out LoadPace pace)
    {
        pace = LoadPace.Max;
        if (text == "max")
        {
            return true;
        }

        var isSpeed = text.EndsWith('x')
            & double.TryParse(text.TrimEnd('x'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var factor) && factor is > 0 and <= Most;
        pace = isSpeed ? new RecordedPace(factor) : pace;
        return isSpeed;
    }
}

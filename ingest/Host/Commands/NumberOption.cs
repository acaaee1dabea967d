using System.Numerics;

namespace KpiStream.Ingest.Host.Commands;

/// <summary>Options that take a whole number between two bounds, and say so when they are given anything else.</summary>
internal static class NumberOption
{
    /// <param name="name">With its dashes.</param>
    /// <param name="description">For the help.</param>
    /// <param name="least">The smallest number allowed.</param>
    /// <param name="most">The greatest number allowed.</param>
    /// <param name="usual">The number when the option is not given.</param>
    public static Option<T> Create<T>(string name, string description, T least, T most, T usual)
        where T : struct, IBinaryInteger<T> => new(name)
        {
            Description = description,
            DefaultValueFactory = _ => usual,
            CustomParser = result => Parse(result, name, least, most) ?? usual,
        };

    /// <summary>As <see cref="Create"/>, null when the option is not given.</summary>
    public static Option<T?> CreateOptional<T>(string name, string description, T least, T most)
        where T : struct, IBinaryInteger<T> => new(name)
        {
            Description = description,
            CustomParser = result => Parse(result, name, least, most),
        };

    private static T? Parse<T>(ArgumentResult result, string name, T least, T most)
        where T : struct, IBinaryInteger<T>
    {
        var text = result.Tokens[0].Value;
        if (T.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }

        result.AddError($"{name}: '{text}' is no whole number from {least.ToString(null, CultureInfo.InvariantCulture)} to "
            + $"{most.ToString(null, CultureInfo.InvariantCulture)}.");
        return null;
    }
}

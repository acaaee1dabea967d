namespace KpiStream.Ingest.Host.Commands;

/// <summary>Options that take a duration (<see cref="DurationText"/>), and say so when they are given anything else.</summary>
internal static class DurationOption
{
    private const string Off = "off";

    /// <param name="name">With its dashes.</param>
    /// <param name="description">For the help.</param>
    /// <param name="least">The shortest allowed.</param>
    /// <param name="most">The longest allowed.</param>
    /// <param name="usual">What holds when the option is not given.</param>
    /// <param name="mayBeOff">True where <c>off</c> is allowed, which is zero.</param>
    /// <param name="takesSeconds">True where a number without a unit counts seconds, as it did before there were units.</param>
    public static Option<Duration> Create(
        string name, string description, TimeSpan least, TimeSpan most, TimeSpan usual, bool mayBeOff = false, bool takesSeconds = false) => new(name)
        {
            Description = description,
            HelpName = "duration",
            DefaultValueFactory = _ => new Duration(usual),
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (mayBeOff && text == Off)
                {
                    return default;
                }

                if (DurationText.TryParse(text, takesSeconds ? TimeSpan.FromSeconds(1) : null, out var duration) && duration >= least && duration <= most)
                {
                    return new Duration(duration);
                }

                var bounds = $"from {(least == TimeSpan.Zero ? "0" : DurationText.Of(least))} to {DurationText.Of(most)}";
                result.AddError($"{name}: '{text}' is no duration {bounds}, like "
                    + $"{DurationText.Examples}{(takesSeconds ? "; a number alone counts seconds" : "")}{(mayBeOff ? $", nor {Off}" : "")}.");
                return new Duration(usual);
            },
        };

    /// <summary>How long to wait for what does not answer.</summary>
    public static Option<Duration> Patience(string description) =>
        Create("--give-up-after", description, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1), TimeSpan.FromSeconds(30), takesSeconds: true);
}

namespace KpiStream.Ingest.Host.Doctor;

/// <summary>How something is.</summary>
internal enum Health
{
    Ok,

    /// <summary><c>serve</c> starts and counts right, but somebody should see to it.</summary>
    Warning,

    /// <summary><c>serve</c> would not start, or would not go on for long, or not count or tell what it should.</summary>
    Problem,
}

/// <summary>What one check found, on one line.</summary>
/// <param name="Check">What was looked at, in a word or two.</param>
/// <param name="Message">What was found, and unless all is well what to do.</param>
/// <param name="Code">Of a problem, what the program ends with when there is nothing worse (<see cref="ExitCode"/>); otherwise 0.</param>
internal sealed record Finding(string Check, Health Health, string Message, int Code)
{
    public static Finding Ok(string check, string message) => new(check, Health.Ok, message, ExitCode.Ok);

    public static Finding Warning(string check, string message) => new(check, Health.Warning, message, ExitCode.Ok);

    public static Finding Problem(string check, string message, int code) => new(check, Health.Problem, message, code);

    public override string ToString() => $"{Health.ToString().ToLowerInvariant(),-8} {Check,-12} {Message}";
}

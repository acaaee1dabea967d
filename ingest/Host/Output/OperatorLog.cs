
namespace KpiStream.Ingest.Host.Output;

/// <summary>
/// The log of a running <c>serve</c>: one line per entry, <c>2026-11-26T08:45:00.123Z WARN text</c>, in English, to standard error. Everything that
/// <c>serve</c> tells its operator goes through here, ASP.NET Core's messages too. Any thread may write; lines are not torn.
/// </summary>
/// <param name="to">Where lines go.</param>
internal sealed class OperatorLog(TextWriter to, TimeProvider time) : ILogger, ILoggerProvider
{
    private readonly Lock writing = new();

    public void Info(string text) => Write(LogLevel.Information, text);

    public void Warn(string text) => Write(LogLevel.Warning, text);

    public void Error(string text) => Write(LogLevel.Error, text);

    /// <summary>Writes one line; further lines of a text, such as a stack trace's, follow indented.</summary>
    public void Write(LogLevel level, string text)
    {
        var at = time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'");
        var line = $"{at} {NameOf(level)} {text.ReplaceLineEndings("\n").TrimEnd('\n').Replace("\n", "\n    ")}\n";
        lock (writing)
        {
            try
            {
                to.Write(line);
                to.Flush();
            }
            catch (Exception error) when (error is IOException or ObjectDisposedException)
            {
                // Standard error is full or closed: figures are served all the same, and /metrics and /health still say what is wrong.
            }
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public bool IsEnabled(LogLevel logLevel) => logLevel is not LogLevel.None;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var text = formatter(state, exception);
        Write(logLevel, exception is null ? text : $"{text}\n{exception}");
    }

    public void Dispose()
    {
        // The stream is the process's.
    }

    private static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Critical => "CRIT",
        LogLevel.Error => "ERROR",
        LogLevel.Warning => "WARN",
        LogLevel.Information => "INFO",
        _ => "DEBUG",
    };
}

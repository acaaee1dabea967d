namespace KpiStream.Ingest.Host.Output;

/// <summary>
/// An error that lasts over many attempts: what is said of it is said when it begins or changes, and once more when it has ended. One flow changes it; any may
/// read it.
/// </summary>
internal sealed class StandingError
{
    private volatile string text = "";

    /// <summary>What is wrong; empty while nothing is.</summary>
    public string Text => text;

    public bool Stands => text.Length > 0;

    /// <summary>Notes an attempt that failed.</summary>
    /// <returns>True when that is to be said.</returns>
    public bool Begins(string problem)
    {
        var isNew = problem != text;
        text = problem;
        return isNew;
    }

    /// <summary>Notes an attempt that succeeded.</summary>
    /// <returns>True when that is to be said.</returns>
    public bool Ends()
    {
        var stood = Stands;
        text = "";
        return stood;
    }
}

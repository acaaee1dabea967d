namespace KpiStream.Ingest.Host.Serving.Liveness;

/// <summary>What <c>/health/ready</c> answers: the state that matters most, and what to do. Pure.</summary>
/// <param name="Status">200 or 503.</param>
/// <param name="Text">For operators.</param>
internal readonly record struct Readiness(int Status, string Text)
{
    /// <param name="failure">Work that has ended; empty for none.</param>
    /// <param name="isCaughtUp">True once the past of the log was read and the board shows it.</param>
    /// <param name="health">What the source says of itself.</param>
    /// <param name="hasDifference">True while a figure differs from a recount of the log. It is said and shown: to take the board away would hide it.</param>
    /// <param name="undelivered">What is wrong with the webhook; empty while alerts are delivered. Figures are right all the same, so it does not end
    /// readiness.</param>
    public static Readiness Of(string failure, bool isCaughtUp, SourceHealth health, bool hasDifference, string undelivered)
    {
        if (failure.Length > 0)
        {
            return new Readiness(503, failure);
        }

        if (health.IsBroken)
        {
            return new Readiness(503, $"the source cannot be read: {health.Sentence}");
        }

        if (!isCaughtUp)
        {
            return new Readiness(503, "reading the past of the log");
        }

        // Null in the default health.
        string[] flaws = [hasDifference ? "figures differ from a recount of the log: see /api/v1/alerts" : "", health.Sentence ?? "", undelivered];
        var said = string.Join("; ", flaws.Where(static flaw => flaw.Length > 0));
        return new Readiness(200, said.Length > 0 ? $"ready, but {said}" : "ready");
    }
}

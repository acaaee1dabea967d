namespace KpiStream.Ingest.Host.Serving;

/// <summary>
/// The end of an embedded log that is not there any more when it is opened, though a checkpoint has counted it. Used while a server starts, by one flow.
/// </summary>
/// <param name="newest">The number of the newest event that the log holds.</param>
/// <param name="folder">The log's folder.</param>
/// <param name="say">Told in one sentence what is missing.</param>
internal sealed class LostEnding(long newest, string folder, Action<string> say)
{
    /// <summary>What is missing; empty for nothing.</summary>
    public IReadOnlyList<MissingNumbers> Missing { get; private set; } = [];

    /// <summary>Finds it, and has new events numbered behind it.</summary>
    /// <param name="counted">The last number that a checkpoint has counted.</param>
    public void Find(long counted, GroupCommit commit)
    {
        if (counted <= newest)
        {
            return;
        }

        Missing = [new MissingNumbers(newest + 1, counted + 1, "the next one")];
        commit.ContinueBehind(counted);
        say($"events {newest + 1} to {counted} are in the checkpoint and not any more in the log in {folder}: stop serve and bring its files back from a copy. "
            + "New events are numbered behind them.");
    }
}

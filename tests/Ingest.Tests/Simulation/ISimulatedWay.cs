namespace KpiStream.Ingest.Tests.Simulation;

/// <summary>A way for events into the program: where they come from, and what outlives it.</summary>
internal interface ISimulatedWay
{
    /// <summary>Opens what a process reads from; may throw <see cref="IOException"/>.</summary>
    IRecordSource Open(SimulatedProcess process);

    /// <summary>Lets events come in while the process runs.</summary>
    Task FeedAsync(SimulatedProcess process);

    /// <summary>Ends what <see cref="Open"/> opened.</summary>
    Task CloseAsync();


    /// <summary>Gives what is there to be counted to a recount, and asserts what must hold of it.</summary>
    /// <param name="codes">The recount's.</param>
    /// <param name="take">Takes an accepted event.</param>
    /// <returns>What now is by the events, milliseconds.</returns>
    long Recount(CodeBook codes, Action<CaseEvent> take);
}

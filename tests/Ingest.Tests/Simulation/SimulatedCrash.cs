namespace KpiStream.Ingest.Tests.Simulation;

/// <summary>The process is gone from here on: thrown out of every call to the disk, and nothing it does any more leaves a trace.</summary>
internal sealed class SimulatedCrash() : Exception("the simulated process has crashed");

namespace KpiStream.Ingest.Host.Plans;

/// <summary>What a command line of <c>serve</c> comes to, before anything is opened or made.</summary>
/// <param name="Loaded">Null when something is wrong, which is then among the problems.</param>
/// <param name="Problems">Every mistake found.</param>
/// <param name="IsDemo">True for generated events.</param>
/// <param name="State">How checkpoints are kept; null when they are not.</param>
internal sealed record ServePlan(LoadedSettings? Loaded, IReadOnlyList<ConfigProblem> Problems, bool IsDemo, StatePlan? State);

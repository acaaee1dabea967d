namespace KpiStream.Engine.Kpis;

/// <summary>What the rulebook says of one procedure.</summary>
/// <param name="Conditions">The lists it is on, and <see cref="Condition.CertifiedCopy"/>, as bits of a condition word.</param>
/// <param name="Waivers">The waivers that name it.</param>
internal sealed record ProcedureFacts(ulong Conditions, CompiledWaiver[] Waivers);

namespace KpiStream.Engine.Kpis;

/// <summary>What a case counts in one group of figures: 1 in every lane of its conditions, in one unit, at one second.</summary>
/// <param name="Group">See <see cref="CompiledRulebook"/>.</param>
/// <param name="Unit">Code id of the unit, successors applied.</param>
/// <param name="Second">The named instant, floored to the second.</param>
/// <param name="Conditions">The conditions the group looks at.</param>
/// <param name="Unknown">Those of the unknown conditions that the group counts.</param>
public readonly record struct Contribution(int Group, int Unit, long Second, ulong Conditions, ulong Unknown);

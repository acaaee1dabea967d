namespace KpiStream.Engine.Units;

/// <summary>What sort of unit a row of the directory is, as rules tell units apart.</summary>
public enum UnitKind
{
    /// <summary>A commune, ward or special zone.</summary>
    Commune,

    /// <summary>A department, board or centre that stands beside the communes.</summary>
    Department,

    Province,

    Nation,

    /// <summary>A code of no directory.</summary>
    Unlisted,
}

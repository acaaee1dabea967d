namespace KpiStream.Engine.Events;

/// <summary>The code tables one engine shares between its decoders and its shards.</summary>
public sealed class CodeBook
{
    public CodeTable Sources { get; } = new();

    public CodeTable Procedures { get; } = new();

    public CodeTable Fields { get; } = new();

    /// <summary>Unit codes, of the directory and of the stream alike.</summary>
    public CodeTable Units { get; } = new();

    /// <summary>The table of a key's codes; null for keys whose values are no codes.</summary>
    public CodeTable? TableOf(CaseKey key) => key switch
    {
        CaseKey.Source => Sources,
        CaseKey.Procedure => Procedures,
        CaseKey.Field => Fields,
        CaseKey.Receiving or CaseKey.Handling => Units,
        _ => null,
    };
}

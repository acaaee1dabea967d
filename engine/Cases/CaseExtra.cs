namespace KpiStream.Engine.Cases;

/// <summary>
/// What a <see cref="CaseSlot"/> has no room for, and beside it everything else that shares the reason: 88 bytes for the few cases that need them.
/// </summary>
public struct CaseExtra
{
    public CaseId Parent;

    public FirstTimes First;

    /// <summary>Ids in the code book, as in <see cref="Registers"/>.</summary>
    public int Source, Procedure, Field, Receiving, Handling;

    /// <summary>Takes its part of a record.</summary>
    public static CaseExtra Of(in CaseRecord record) => new()
    {
        Parent = record.Values.Parent,
        First = record.First,
        Source = record.Values.Source,
        Procedure = record.Values.Procedure,
        Field = record.Values.Field,
        Receiving = record.Values.Receiving,
        Handling = record.Values.Handling,
    };

    /// <summary>Gives its part to a record.</summary>
    public readonly void Get(ref CaseRecord record)
    {
        record.First = First;
        ref var values = ref record.Values;
        values.Parent = Parent;
        (values.Source, values.Procedure, values.Field, values.Receiving, values.Handling) = (Source, Procedure, Field, Receiving, Handling);
    }
}

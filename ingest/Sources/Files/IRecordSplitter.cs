using System.Buffers;

namespace KpiStream.Ingest.Sources.Files;

/// <summary>Cuts the bytes of one input into records and hands them to a sink. Holds at most one record. Owned by the flow that reads the input.</summary>
public interface IRecordSplitter : IDisposable
{
    /// <summary>Lines or values ended so far, blank lines included: the number of the last one.</summary>
    long Records { get; }

    /// <summary>True when no further record can be told apart; what was read of the last has been handed over as it is.</summary>
    bool IsLost { get; }

    /// <summary>The first place where bytes may have been lost, and why, as a clause; null while every byte is accounted for.</summary>
    string? Damage { get; }

    /// <summary>True between two buffers when part of a record has been taken already: reading could not go on from here.</summary>
    bool IsInside { get; }

    /// <summary>True at the end when the last record had no end of its own.</summary>
    bool HasOpenEnd { get; }

    /// <summary>Hands over every record the buffer ends, and at the end of the input the one it does not.</summary>
    /// <param name="buffer">What has been read and not yet taken.</param>
    /// <param name="final">True when nothing follows the buffer.</param>
    /// <returns>Where to go on: everything before has been taken.</returns>
    SequencePosition Take(ReadOnlySequence<byte> buffer, bool final);
}

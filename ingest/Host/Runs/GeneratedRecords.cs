using KpiStream.Ingest.Sources.Generation;

namespace KpiStream.Ingest.Host.Runs;

/// <summary>A generated stream in one of the forms that events come in. Owned by the flow that writes it.</summary>
/// <param name="format">The form; a hostile event that has no MessagePack form stays the line it is.</param>
internal sealed class GeneratedRecords(GeneratedStream stream, GenerateFormat format)
{
    private readonly EventPacker packer = new(format == GenerateFormat.Compact ? PackedForm.Compact : PackedForm.Map);

    public GeneratedStream Stream => stream;

    /// <summary>True where records are lines and need their ends.</summary>
    public bool AreLines => format == GenerateFormat.Json;

    /// <summary>Moves to the next record; false at the end.</summary>
    public bool MoveNext() => stream.MoveNext();

    /// <summary>The record's bytes, without any line's end; valid until the next one.</summary>
    public ReadOnlySpan<byte> Current => !AreLines && packer.TryPack(stream.Line, out var packed) ? packed : stream.Line;
}

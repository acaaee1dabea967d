namespace KpiStream.Ingest.Host.Serving.Liveness;

/// <summary>What a source says of itself.</summary>
/// <param name="IsBroken">True when nothing can be read from it at present.</param>
/// <param name="Text">In Vietnamese, for the board; empty when there is nothing special to say.</param>
/// <param name="Sentence">The same for an operator, in English, with what to do.</param>
internal readonly record struct SourceHealth(bool IsBroken, string Text, string Sentence = "");

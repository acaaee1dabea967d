using KpiStream.Engine.Pipeline;

namespace KpiStream.Bench.Fold;

/// <summary>
/// The lives of some thousand generated cases, decoded: for each the events in the order of their arrival and when they arrived after its first.
/// </summary>
internal sealed class CaseLives
{
    private const long Lines = 200_000;

    public CaseLives(EngineOptions options, GenerateProfile profile, ulong seed)
    {
        var decoder = new EventDecoder(options.Codes, options.PseudonymKey, options.Limits, options.Profiles);
        var stream = new GeneratedStream(new GenerateOptions(Lines, seed, options.Directory) { Profile = profile });
        var lives = new Dictionary<CaseId, List<(CaseEvent Event, long Arrival)>>();
        while (stream.MoveNext())
        {
            if (decoder.Decode(stream.Line, stream.Arrival, out var decoded).IsAccepted)
            {
                lives.TryAdd(decoded.Case, []);
                lives[decoded.Case].Add((decoded, stream.Arrival));
            }
        }

        All = [.. lives.Values.Select(life => life.ToArray())];
    }

    public (CaseEvent Event, long Arrival)[][] All { get; }
}

using System.Collections.Concurrent;
using KpiStream.Engine.Codecs.Decoders;

namespace KpiStream.Ingest.Host.Serving.Posting;

/// <summary>
/// Decoders for requests: a decoder serves one request at a time and remembers unit names, so it is kept for the next. Safe for any number of threads.
/// </summary>
internal sealed class EventDecoders(EngineOptions engine, ProfileSet profiles)
{
    private readonly ConcurrentDictionary<string, ConcurrentBag<RentedDecoder>> idle = [];

    /// <summary>The profiles a request may name.</summary>
    public IReadOnlyList<string> Profiles => profiles.Ids;

    /// <summary>A decoder for nobody else until it is returned; null when there is no such profile.</summary>
    /// <param name="profile">The id of the profile of all JSON records; null or empty for native ones and those chosen by source.</param>
    public RentedDecoder? TryRent(string? profile)
    {
        var name = profile ?? "";
        if (name.Length > 0 && profiles.Find(name) is null)
        {
            return null;
        }

        return idle.GetOrAdd(name, static _ => []).TryTake(out var kept)
            ? kept
            : new RentedDecoder(name, new EventDecoder(
                engine.Codes, engine.PseudonymKey, engine.Limits, engine.Profiles with { All = name.Length > 0 ? profiles.Find(name) : null }));
    }

    public void Return(RentedDecoder rented) => idle[rented.Profile].Add(rented);

    /// <summary>A decoder and the profile it reads by.</summary>
    internal sealed record RentedDecoder(string Profile, EventDecoder Decoder);
}

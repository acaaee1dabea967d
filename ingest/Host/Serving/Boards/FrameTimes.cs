namespace KpiStream.Ingest.Host.Serving.Boards;

/// <summary>When a frame was made, in timestamps of the publisher's clock.</summary>
/// <param name="Id">The frame.</param>
/// <param name="ChangedId">The last frame that looks different from the one before: readers have that one.</param>
/// <param name="Begun">Everything handed over to the shards before this is in it.</param>
/// <param name="Read">All shards had counted what is in it.</param>
/// <param name="Published">Its readers could have it.</param>
internal readonly record struct FrameTimes(long Id, long ChangedId, long Begun, long Read, long Published);

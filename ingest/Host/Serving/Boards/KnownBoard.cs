namespace KpiStream.Ingest.Host.Serving.Boards;

/// <summary>A wallboard as the server knows it. Instants are the server's, milliseconds since 1970 UTC. Immutable; kept over restarts.</summary>
/// <param name="Report">What it said last, without its token.</param>
/// <param name="FirstSeen">When it was first heard of.</param>
/// <param name="LastSeen">When it was last heard of.</param>
/// <param name="LastPainted">When a report last told of another painting than the one before.</param>
/// <param name="IsLate">True from when it was found silent until it paints again.</param>
internal sealed record KnownBoard(BoardReport Report, long FirstSeen, long LastSeen, long LastPainted, bool IsLate);

/// <summary>A wallboard in the list of them.</summary>
/// <param name="Board">The id that its page keeps.</param>
/// <param name="Address">The page's path and query.</param>
/// <param name="Frame">The id of the frame on the screen.</param>
/// <param name="PaintedAt">When the page last drew anything, by its own clock.</param>
/// <param name="FirstSeen">Local time, by the server's clock, as all that follow.</param>
/// <param name="LastSeen">When it was last heard of.</param>
/// <param name="SecondsSincePainted">Since the server last learned of another painting.</param>
/// <param name="Late">True when it was there for ten minutes and has painted nothing for five: an alert says so until it paints or is dismissed.</param>
internal sealed record BoardAnswer(
    string Board, string Address, long Frame, string PaintedAt, string? Version, BoardScreen? Screen, string FirstSeen, string LastSeen,
    long SecondsSincePainted, bool Late);

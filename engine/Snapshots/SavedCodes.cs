namespace KpiStream.Engine.Snapshots;

/// <summary>
/// The code tables of a snapshot: how they are written, and, when it is read, what their numbers have become. A code's number depends on the order of arrival,
/// so another run has other numbers. All codes are taken over, those no case names any more too: an engine knows every code it ever met.
/// </summary>
/// <param name="book">The code book written from or read into.</param>
public sealed class SavedCodes(CodeBook book)
{
    public Table Sources { get; } = new(book.Sources);

    public Table Procedures { get; } = new(book.Procedures);

    public Table Fields { get; } = new(book.Fields);

    public Table Units { get; } = new(book.Units);

    /// <summary>The tables in the order of their numbers in a snapshot.</summary>
    public IReadOnlyList<Table> All => [Sources, Procedures, Fields, Units];

    /// <summary>One code table.</summary>
    /// <param name="codes">The table written from or read into.</param>
    public sealed class Table(CodeTable codes)
    {
        private readonly List<int> ids = [0];
        private int written;

        /// <summary>Codes read so far.</summary>
        public int Count => ids.Count - 1;

        /// <summary>Writes the next codes, as many as there is room for; 0 when all have been written.</summary>
        /// <param name="room">Longer than any code.</param>
        /// <returns>The bytes written.</returns>
        public int Write(Span<byte> room)
        {
            var to = new SnapshotWriter(room);
            for (; written < codes.Count && codes.Bytes(written + 1).Length + sizeof(int) <= room.Length - to.Length; written++)
            {
                to.Write(codes.Bytes(written + 1));
            }

            return to.Length;
        }

        /// <summary>Takes over the next codes; false when the bytes are none.</summary>
        public bool TryRead(ReadOnlySpan<byte> bytes)
        {
            var from = new SnapshotReader(bytes);
            while (!from.IsAtEnd)
            {
                var code = from.ReadBytes();
                if (code.IsEmpty)
                {
                    return false;
                }

                ids.Add(codes.Intern(code));
            }

            return !from.IsBroken;
        }

        /// <summary>What a number in the snapshot has become.</summary>
        internal int Of(ulong saved, ref SnapshotReader from)
        {
            if (saved < (ulong)ids.Count)
            {
                return ids[(int)saved];
            }

            from.Break();
            return 0;
        }
    }
}

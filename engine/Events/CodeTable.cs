namespace KpiStream.Engine.Events;

/// <summary>
/// Interns short codes from bytes: the same bytes give the same id for the life of the table. Ids count from 1; 0 is null.
/// Many threads may read while one at a time adds; a reader never waits. Holds every code of every accepted event: a stream has few
/// (units, procedures, fields), and a hostile one gets in at most one of each kind per event, as it gets in one case per event.
/// </summary>
public sealed class CodeTable
{
    /// <summary>The most codes a table holds: 2^28. At about 100 bytes each the machine's memory ends long before.</summary>
    public const int Capacity = 1 << 28;

    private readonly Lock writing = new();
    private State state = new(64);

    /// <summary>The number of codes; ids run from 1 to this.</summary>
    public int Count => Volatile.Read(ref state).Count;

    /// <summary>The id of a code, adding it when new. Empty text is null: id 0.</summary>
    /// <exception cref="InvalidOperationException">The table is full.</exception>
    public int Intern(ReadOnlySpan<byte> code)
    {
        if (code.IsEmpty)
        {
            return 0;
        }

        var hash = Hash(code);
        var found = Volatile.Read(ref state).Find(code, hash);
        return found != 0 ? found : Add(code, hash);
    }

    /// <summary>The id of a code given as text.</summary>
    public int Intern(string code) => Intern(Encoding.UTF8.GetBytes(code));

    /// <summary>The id of a code that is already known; 0 when it is not.</summary>
    public int Find(ReadOnlySpan<byte> code) => Volatile.Read(ref state).Find(code, Hash(code));

    /// <inheritdoc cref="Find(ReadOnlySpan{byte})"/>
    public int Find(string code) => Find(Encoding.UTF8.GetBytes(code));

    /// <summary>The bytes of a code; empty for id 0.</summary>
    public ReadOnlySpan<byte> Bytes(int id) => id == 0 ? [] : Volatile.Read(ref state).Codes[id];

    /// <summary>The code as text; empty for id 0.</summary>
    public string Text(int id) => Encoding.UTF8.GetString(Bytes(id));

    /// <summary>Orders two codes by their UTF-8 bytes, null lowest.</summary>
    public int Compare(int left, int right) => left == right ? 0 : Bytes(left).SequenceCompareTo(Bytes(right));

    private int Add(ReadOnlySpan<byte> code, uint hash)
    {
        lock (writing)
        {
            var found = state.Find(code, hash);
            if (found != 0)
            {
                return found;
            }

            if (state.Count >= Capacity)
            {
                throw new InvalidOperationException($"More than {Capacity} different codes of one kind: the stream does not carry codes.");
            }

            // Readers see either the old state or the new one: the entry is complete before the count or the array is published.
            var next = state.Count + 1 > state.Codes.Length / 2 ? state.Grown() : state;
            var id = next.Append(code.ToArray(), hash);
            Volatile.Write(ref state, next);
            return id;
        }
    }

    /// <summary>FNV-1a: codes are a few bytes long, and at 40 bytes a collision attack costs more than it wins.</summary>
    private static uint Hash(ReadOnlySpan<byte> code)
    {
        var hash = 2_166_136_261u;
        foreach (var b in code)
        {
            hash = (hash ^ b) * 16_777_619u;
        }

        return hash ^ (hash >> 15);
    }

    private sealed class State(int size)
    {
        private readonly int[] index = new int[size * 2];
        private readonly uint[] hashes = new uint[size];
        private int count;

        public byte[][] Codes { get; } = new byte[size][];

        public int Count => Volatile.Read(ref count);

        public int Find(ReadOnlySpan<byte> code, uint hash)
        {
            var mask = index.Length - 1;
            for (var slot = (int)hash & mask; ; slot = (slot + 1) & mask)
            {
                var id = Volatile.Read(ref index[slot]);
                if (id == 0 || (hashes[id] == hash && code.SequenceEqual(Codes[id])))
                {
                    return id;
                }
            }
        }

        public int Append(byte[] code, uint hash)
        {
            var id = count + 1;
            Codes[id] = code;
            hashes[id] = hash;
            var mask = index.Length - 1;
            var slot = (int)hash & mask;
            while (index[slot] != 0)
            {
                slot = (slot + 1) & mask;
            }

            Volatile.Write(ref index[slot], id);
            Volatile.Write(ref count, id);
            return id;
        }

        public State Grown()
        {
            var grown = new State(Codes.Length * 2);
            for (var id = 1; id <= count; id++)
            {
                grown.Append(Codes[id], hashes[id]);
            }

            return grown;
        }
    }
}

using Microsoft.AspNetCore.Connections;

namespace KpiStream.Ingest.Host.Serving.Http;

/// <summary>
/// Bounds the connections, at the moment at which each is accepted. At the bound a new one takes the place of the one that has been without a request for
/// the longest, so that half-open and forgotten
/// connections cannot keep anybody out; and the last <see cref="KeptForHealth"/> places answer health and metrics only, so that there is always such a one.
/// Any thread. Bound: <see cref="Most"/>, and <see cref="MostClosing"/> that are being closed: the next is accepted only when there is a file for it.
/// </summary>
/// <param name="most">At least twice <see cref="KeptForHealth"/>. Asked once, when the first connection is waited for: until then every assembly that is
/// loaded takes a file.</param>
internal sealed class ConnectionLimit(Func<int> most)
{
    /// <summary>Requests that are answered at once: a few at a time are many a second.</summary>
    public const int KeptForHealth = 4;

    /// <summary>Connections that were told to go and have not gone yet.</summary>
    public const int MostClosing = 16;

    private readonly Lazy<int> most = new(most);
    private readonly LinkedList<Connection> idle = []; // The longest idle first.
    private readonly Lock gate = new();
    private TaskCompletionSource? room;
    private int files;
    private int held;
    private int answering;
    private long closed;

    public int Most => most.Value;

    /// <summary>Connections that are not being closed.</summary>
    public int Open => Volatile.Read(ref held);

    /// <summary>Connections closed to make room.</summary>
    public long Closed => Interlocked.Read(ref closed);

    /// <summary>Connections that have a file, those being closed included.</summary>
    public int Files => Volatile.Read(ref files);

    /// <summary>Accepts the next connection when there is a file for it; it is held until it is disposed of.</summary>
    /// <param name="listener">Whose connections these are.</param>
    public async ValueTask<ConnectionContext?> AcceptAsync(IConnectionListener listener, CancellationToken stop)
    {
        while (!TryTakeFile(out var occupied))
        {
            await occupied.WaitAsync(stop);
        }

        ConnectionContext? accepted = null;
        try
        {
            accepted = await listener.AcceptAsync(stop);
        }
        finally
        {
            if (accepted is null)
            {
                GiveFileBack();
            }
        }

        return accepted is null ? null : Hold(accepted);
    }

    /// <param name="occupied">Ends when the next file is given back.</param>
    private bool TryTakeFile(out Task occupied)
    {
        lock (gate)
        {
            if (files < Most + MostClosing)
            {
                files++;
                occupied = Task.CompletedTask;
                return true;
            }

            room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            occupied = room.Task;
            return false;
        }
    }

    private void GiveFileBack()
    {
        TaskCompletionSource? waiting;
        lock (gate)
        {
            files--;
            (waiting, room) = (room, null);
        }

        waiting?.TrySetResult();
    }

    private HeldConnection Hold(ConnectionContext context)
    {
        var connection = new Connection(context);
        context.Features.Set(connection);
        Enter(connection)?.Context.Abort(new ConnectionAbortedException("Closed to make room for a new connection."));
        return new HeldConnection(context, () =>
        {
            Leave(connection);
            GiveFileBack();
        });
    }

    /// <summary>Notes that a connection is answering a request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="isHealth">True for those that places are kept for.</param>
    /// <returns>False when there is no place; otherwise <see cref="End"/> is to be called.</returns>
    public bool TryBegin(HttpContext context, bool isHealth)
    {
        lock (gate)
        {
            if (answering >= Most - (isHealth ? 0 : KeptForHealth))
            {
                return false;
            }

            Resume(context);
            return true;
        }
    }

    /// <summary>Notes that a request whose body has come in is being answered.</summary>
    public void Resume(HttpContext context)
    {
        lock (gate)
        {
            answering++;
            if (context.Features.Get<Connection>() is { Place.List: not null } connection)
            {
                idle.Remove(connection.Place);
            }
        }
    }

    /// <summary>Notes that the request was answered, or that its body is waited for: until then the connection is as good as half open.</summary>
    public void End(HttpContext context)
    {
        lock (gate)
        {
            answering--;
            if (context.Features.Get<Connection>() is { HasLeft: false, Place.List: null } connection)
            {
                idle.AddLast(connection.Place);
            }
        }
    }

    /// <summary>The connection that has to go, or null.</summary>
    private Connection? Enter(Connection connection)
    {
        lock (gate)
        {
            idle.AddLast(connection.Place);
            if (++held <= Most || idle.First is not { } oldest)
            {
                return null;
            }

            Forget(oldest.Value);
            closed++;
            return oldest.Value;
        }
    }

    private void Leave(Connection connection)
    {
        lock (gate)
        {
            if (!connection.HasLeft)
            {
                Forget(connection);
            }
        }
    }

    private void Forget(Connection connection)
    {
        held--;
        connection.HasLeft = true;
        if (connection.Place.List is not null)
        {
            idle.Remove(connection.Place);
        }
    }

    /// <summary>A connection and its place among the idle ones, in no list while it answers.</summary>
    private sealed class Connection
    {
        public Connection(ConnectionContext context)
        {
            Context = context;
            Place = new LinkedListNode<Connection>(this);
        }

        public ConnectionContext Context { get; }

        public LinkedListNode<Connection> Place { get; }

        public bool HasLeft { get; set; }
    }
}

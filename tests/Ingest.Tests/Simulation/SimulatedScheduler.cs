namespace KpiStream.Ingest.Tests.Simulation;

/// <summary>
/// Runs the flows and the shards of one simulated process on the calling thread, one step at a time, in an order that chance decides. When nothing can be done
/// the clock advances to the next timer. A flow that leaves it would be out of control, and is found.
/// </summary>
internal sealed class SimulatedScheduler(Random random, SimulatedClock clock, SimulationTrace trace) : TaskScheduler
{
    /// <summary>Steps after which a process is taken to go round in circles.</summary>
    private const int MostSteps = 200_000;

    private readonly List<Task> waiting = [];
    private readonly List<Func<bool>> shards = [];
    private readonly int thread = Environment.CurrentManagedThreadId;

    // Some shards, or all flows, are slow in one life and quick in another.
    private readonly int shardsFirst = random.Next(1, 8);

    private Func<bool> isEnded = static () => false;

    // Set by another thread, which nothing here should be run by.
    private volatile bool isEscaped;

    public int Steps { get; private set; }

    /// <summary>Takes on a shard of an engine.</summary>
    public void Add(Func<bool> shard) => shards.Add(shard);

    public Task<T> Begin<T>(Func<Task<T>> flow) => Task.Factory.StartNew(flow, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this).Unwrap();

    /// <inheritdoc cref="Begin{T}"/>
    public Task Begin(Func<Task> flow) => Task.Factory.StartNew(flow, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this).Unwrap();

    /// <summary>Continues until a flow has ended, or <paramref name="isOver"/> says so after a step.</summary>
    public void Run(Task flow, Func<bool> isOver)
    {
        isEnded = isOver;
        while (!flow.IsCompleted && !isEnded())
        {
            if (!TryStep() && !clock.TryPassToNext())
            {
                throw new InvalidOperationException("the simulated process stands still");
            }
        }
    }

    /// <summary>Lets other flows and the shards go on for some steps while one flow waits for the disk.</summary>
    public void Meanwhile()
    {
        var steps = random.Next(20) switch
        {
            0 => random.Next(300),
            < 6 => random.Next(20),
            _ => 0,
        };
        for (; steps > 0 && (TryStep() || clock.TryPassToNext()) && !isEnded(); steps--)
        {
        }
    }

    protected override IEnumerable<Task> GetScheduledTasks() => waiting;

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override void QueueTask(Task task)
    {
        isEscaped |= Environment.CurrentManagedThreadId != thread;
        lock (waiting)
        {
            waiting.Add(task);
        }
    }

    private bool TryStep()
    {
        if (++Steps > MostSteps)
        {
            throw new InvalidOperationException("the simulated process goes round in circles");
        }

        if (isEscaped)
        {
            throw new InvalidOperationException("a flow of the simulation went on in another thread");
        }

        clock.Pass(TimeSpan.FromMicroseconds(random.Next(500)));
        return (random.Next(8) >= shardsFirst && TryRunOne()) || TryStepShard() || TryRunOne();
    }

    private bool TryRunOne()
    {
        if (waiting.Count == 0)
        {
            return false;
        }

        var chosen = random.Next(waiting.Count);
        trace.Step(chosen + (waiting.Count << 8));
        var task = waiting[chosen];
        waiting.RemoveAt(chosen);
        TryExecuteTask(task);
        return true;
    }

    private bool TryStepShard()
    {
        var first = shards.Count == 0 ? 0 : random.Next(shards.Count);
        for (var i = 0; i < shards.Count; i++)
        {
            if (shards[(first + i) % shards.Count]())
            {
                trace.Step(-1 - ((first + i) % shards.Count));
                return true;
            }
        }

        return false;
    }
}

namespace KpiStream.Ingest.Tests.Simulation;

/// <summary>
/// A disk of some folders. Every operation is counted, may be the one at which the process crashes, and may fail; a power cut takes what was not flushed,
/// names included. All chance comes from the one given.
/// </summary>
internal sealed class SimulatedDisk(Random random, SimulationTrace trace)
{
    private readonly List<SimulatedFolder> folders = [];
    private int fullUntil;

    public int Operations { get; private set; }

    /// <summary>The operation at which the process crashes.</summary>
    public int CrashAt { get; set; } = int.MaxValue;

    /// <summary>How much of that operation is done: 0 nothing, 1 half where it has halves, 2 all; null for chance.</summary>
    public int? CrashShare { get; set; }

    /// <summary>Of how many operations one fails; 0 for none.</summary>
    public int FaultEvery { get; set; }

    /// <summary>True to give out at times fewer bytes than were asked for.</summary>
    public bool IsShort { get; set; }

    /// <summary>Lets others go on while somebody waits for the disk.</summary>
    public Action Meanwhile { get; set; } = static () => { };

    /// <summary>True after a crash, until <see cref="Restart"/>.</summary>
    public bool IsDown { get; private set; }

    /// <summary>Operations that failed.</summary>
    public int Faults { get; private set; }

    public SimulatedFolder MakeFolder(string name)
    {
        var folder = new SimulatedFolder(this, name);
        folders.Add(folder);
        return folder;
    }

    /// <summary>The process is gone.</summary>
    public void Crash() => IsDown = true;

    /// <summary>The next process finds what outlived the crash.</summary>
    public void Restart(Survival survival)
    {
        folders.ForEach(folder => folder.Restart(survival, random));
        (IsDown, CrashAt, fullUntil) = (false, int.MaxValue, 0);
    }

    /// <summary>Does an operation, or crashes, or fails.</summary>
    /// <param name="what">Its name for the trace.</param>
    /// <param name="whole">Does it.</param>
    /// <param name="half">Does half of it, where it has halves.</param>
    /// <param name="needsRoom">True when a full disk lets it fail.</param>
    /// <param name="isSlow">True when others may go on meanwhile.</param>
    /// <param name="onFault">What is done when it fails, where that is not half of it.</param>
    public void Do(string what, Action whole, Action? half = null, bool needsRoom = false, bool isSlow = false, Action? onFault = null)
    {
        ThrowIfDown();
        if (isSlow)
        {
            Meanwhile();
            ThrowIfDown();
        }

        trace.Step(what.Length + (Operations * 31L));
        if (++Operations == CrashAt)
        {
            CrashIn(what, whole, half);
        }

        if (FaultOf(needsRoom) is { } fault)
        {
            (onFault ?? half)?.Invoke();
            Faults++;
            trace.Say($"disk: {what} failed: {fault}");
            throw new IOException(fault);
        }

        whole();
    }

    /// <summary>How many of some bytes a read gives.</summary>
    public int ShareOf(int bytes) => IsShort && bytes > 1 && random.Next(3) == 0 ? random.Next(1, bytes) : bytes;

    private void ThrowIfDown()
    {
        if (IsDown)
        {
            throw new SimulatedCrash();
        }
    }

    private void CrashIn(string what, Action whole, Action? half)
    {
        var share = CrashShare ?? random.Next(3);
        (share switch
        {
            0 => null,
            1 => half,
            _ => whole,
        })?.Invoke();
        trace.Say($"disk: crashed in operation {Operations}, {what}, {share} halves of it done");
        IsDown = true;
        throw new SimulatedCrash();
    }

    private string? FaultOf(bool needsRoom)
    {
        if (FaultEvery > 0 && random.Next(FaultEvery) == 0)
        {
            if (random.Next(2) == 0)
            {
                return "Input/output error";
            }

            fullUntil = Operations + random.Next(1, 30);
        }

        return needsRoom && Operations < fullUntil ? "No space left on device" : null;
    }
}

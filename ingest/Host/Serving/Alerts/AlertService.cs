using KpiStream.Engine.Alerts;

namespace KpiStream.Ingest.Host.Serving.Alerts;

/// <summary>
/// Judges readings, has what is to be told delivered, and keeps the list for board and API. Judged by the publisher alone; acknowledged, silenced and read by
/// any thread. Restart: continues with what <see cref="AlertKeeper"/> kept.
/// </summary>
internal sealed class AlertService : IDisposable
{
    /// <summary>How long what changes by itself may go without being kept while no hold runs.</summary>
    private const long KeptEveryMillis = 60_000;

    private readonly AlertLife life;
    private readonly AlertText text;
    private readonly AlertReporter reporter;
    private readonly INotificationOutlet? outlet;
    private readonly AlertHistory history;
    private readonly AlertTickLog? ticks;
    private readonly Lock changing = new();
    private volatile IReadOnlyList<Alert> alerts = [];
    private volatile IReadOnlyList<BoardAlert> current = [];
    private long keptAt;
    private long? continuedFrom;
    private bool isInterrupted;

    /// <param name="life">Judges, and decides what is told.</param>
    /// <param name="text">Says it in Vietnamese.</param>
    /// <param name="reporter">Told of changes, for the log.</param>
    /// <param name="outlet">Given what is to be told; null for nobody.</param>
    /// <param name="history">Where everything that happens stays; disposed of with this.</param>
    /// <param name="keeper">Given what is to outlive a restart; null where no state is kept.</param>
    /// <param name="ticks">Where ticks are kept; null for nowhere. Disposed of with this.</param>
    public AlertService(
        AlertLife life, AlertText text, AlertReporter reporter, INotificationOutlet? outlet, AlertHistory history, AlertKeeper? keeper,
        AlertTickLog? ticks = null) =>
        (this.life, this.text, this.reporter, this.outlet, this.history, Keeper, this.ticks) = (life, text, reporter, outlet, history, keeper, ticks);

    /// <summary>For the board: firing, then pending, then recently resolved alerts.</summary>
    public IReadOnlyList<BoardAlert> Current => current;

    /// <summary>The same, whole.</summary>
    public IReadOnlyList<Alert> Alerts => alerts;

    /// <summary>The silences in force.</summary>
    public IReadOnlyList<Silence> Silences
    {
        get
        {
            lock (changing)
            {
                return life.Silences;
            }
        }
    }

    public AlertText Text => text;

    /// <summary>Everything that happened.</summary>
    public AlertHistory History => history;

    /// <summary>What is kept for the next run; null where no state is kept.</summary>
    public AlertKeeper? Keeper { get; }

    /// <summary>A service that continues with the alerts of the run before: those it knew, of units there still are.</summary>
    /// <param name="loaded">The settings in force.</param>
    /// <param name="rules">What is judged.</param>
    /// <param name="text">Says it in Vietnamese.</param>
    /// <param name="note">Where alerts are kept; null for nowhere.</param>
    /// <param name="log">Told of changes and errors.</param>
    /// <param name="time">Measures pauses between attempts.</param>
    /// <param name="folder">Where the history is kept; null for memory alone.</param>
    /// <param name="outlet">Given what is to be told; null for nobody.</param>
    public static AlertService Open(
        LoadedSettings loaded, IReadOnlyList<AlertRule> rules, AlertText text, StateNote? note, OperatorLog log, TimeProvider time, string? folder = null,
        INotificationOutlet? outlet = null)
    {
        var policy = NotificationPolicy.Default with { MostPerDay = loaded.Settings.Alerts.MessagesPerDay };
        var judge = new AlertLife(AlertLimits.Default, policy, loaded.Units);
        var past = new AlertHistory(folder is null ? null : Path.Combine(folder, AlertHistory.FileName), log.Warn, time);
        past.CloseToOthers();
        var passed = folder is null ? null : new AlertTickLog(folder, log.Warn, time);
        var keeper = note is null ? null : new AlertKeeper(note, outlet, log.Warn, past, passed);
        long from = 0;
        if (keeper is not null)
        {
            var sources = rules.Where(static rule => !rule.Kind.IsBusiness()).Select(static rule => rule.Id).ToHashSet(StringComparer.Ordinal);
            var known = keeper.Recall();
            from = known.JudgedAt ?? (known.Alerts.Count > 0 ? AlertTick.Unknown : 0);
            judge.Recall(
                known with { Alerts = [.. known.Alerts.Where(alert => sources.Contains(alert.Rule) || loaded.Units.Find(alert.Unit) is not null)] },
                rules, time.GetUtcNow().ToUnixTimeMilliseconds());
        }

        return new AlertService(judge, text, new AlertReporter(text, log), outlet, past, keeper, passed) { continuedFrom = from };
    }

    /// <summary>See <see cref="AlertLife.Interrupt"/>.</summary>
    public void Interrupt()
    {
        lock (changing)
        {
            life.Interrupt();
            isInterrupted = true;
        }
    }

    /// <param name="readings">What was read.</param>
    /// <param name="now">Milliseconds since 1970 UTC.</param>
    /// <param name="tick">What the readings followed from; null where it is not to be judged again.</param>
    /// <param name="fed">Which sources feed which units; null where that is not known.</param>
    public IReadOnlyList<BoardAlert> Evaluate(IReadOnlyList<AlertReading> readings, long now, AlertTick? tick = null, FedUnits? fed = null)
    {
        lock (changing)
        {
            var round = life.Evaluate(readings, now, fed is null ? null : fed.Feeds);
            if (tick is not null)
            {
                var holding = round.Current.Where(static alert => alert.Rule.Inhibits && alert.State != AlertState.Resolved)
                    .ToLookup(alert => alert.Rule.InhibitsFedAlone && fed?.Of(alert.Unit) is not null, static alert => alert.Unit);
                Keeper?.Note(tick with
                {
                    After = continuedFrom,
                    Inhibited = holding[false].Any(),
                    HeldBy = holding[true].Any() ? [.. holding[true].Order(StringComparer.Ordinal)] : null,
                    Interrupted = isInterrupted,
                });
                (continuedFrom, isInterrupted) = (null, false);
            }

            Report(round.Transitions);
            var offered = round.Notifications.Count > 0 ? outlet?.OfferAsync(round.Notifications) : null;
            Show(round.Current);
            Keep(round, offered, now);
            return current;
        }
    }

    /// <summary>Other rules are judged from now on: alerts of those that are gone end.</summary>
    public void Follow(IReadOnlyList<AlertRule> rules, long now)
    {
        lock (changing)
        {
            Report(life.Follow(rules, now));
        }
    }

    /// <summary>Somebody takes note of an alert.</summary>
    /// <returns>The alert, once that is kept; null when none of this id is pending, firing or resolving.</returns>
    public async Task<Alert?> AcknowledgeAsync(string id, Acknowledgement note)
    {
        Alert? alert;
        Task kept;
        lock (changing)
        {
            alert = life.Acknowledge(id, note);
            if (alert is null)
            {
                return null;
            }

            Show([.. alerts.Select(each => each.Id == id && each.State != AlertState.Resolved ? each with { Acknowledged = note } : each)]);
            Happened([AlertHistoryEntry.OfNote(alert, note)]);
            kept = Keeper?.Keep(life.Remember()) ?? Task.CompletedTask;
        }

        await kept;
        return alert;
    }

    /// <summary>Nobody is told of some alerts for a while.</summary>
    /// <returns>True once that is kept; false when there are too many silences.</returns>
    public async Task<bool> TrySilenceAsync(Silence silence)
    {
        Task kept;
        lock (changing)
        {
            if (!life.TrySilence(silence))
            {
                return false;
            }

            Happened([AlertHistoryEntry.Of(silence, silence.From, "silenced", silence.By)]);
            kept = Keeper?.Keep(life.Remember()) ?? Task.CompletedTask;
        }

        await kept;
        return true;
    }

    /// <summary>Ends a silence before its time.</summary>
    /// <returns>The silence, once that is kept; null when there is none.</returns>
    public async Task<Silence?> UnsilenceAsync(string id, string by, long now)
    {
        Silence? silence;
        Task kept;
        lock (changing)
        {
            silence = life.Unsilence(id);
            if (silence is null)
            {
                return null;
            }

            Happened([AlertHistoryEntry.Of(silence, now, "unsilenced", by)]);
            kept = Keeper?.Keep(life.Remember()) ?? Task.CompletedTask;
        }

        await kept;
        return silence;
    }

    /// <summary>Alerts are judged by another file, or one was refused.</summary>
    public void Note(EditionNote note)
    {
        lock (changing)
        {
            Happened([AlertHistoryEntry.Of(note)]);
            _ = Keeper?.Keep(life.Remember());
        }
    }

    /// <summary>The same at the start, when it is not what the run before was judged by.</summary>
    public void NoteBegun(EditionNote note)
    {
        var before = TryFind(note.Id);
        if (before is [.., var newest] ? newest.Note != note.Hash : note.Hash.Length > 0)
        {
            Note(note);
        }
    }

    public void Dispose()
    {
        history.Dispose();
        ticks?.Dispose();
    }

    private IReadOnlyList<AlertHistoryEntry> TryFind(string id)
    {
        try
        {
            return history.Find(id);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private void Report(IReadOnlyList<AlertTransition> transitions)
    {
        reporter.Report(transitions);
        Happened([.. transitions.Select(change => AlertHistoryEntry.Of(change, text.Finding(change.Alert)))]);
    }

    private void Happened(IReadOnlyList<AlertHistoryEntry> entries)
    {
        if (Keeper is null)
        {
            history.Append(entries);
            return;
        }

        foreach (var entry in entries)
        {
            Keeper.Note(entry);
        }
    }

    private void Show(IReadOnlyList<Alert> all) => (alerts, current) = (all, [.. all.Select(Describe)]);

    /// <summary>Changes at once and safely; holds that run every second, as safe as a kill needs.</summary>
    private void Keep(AlertRound round, Task? offered, long now)
    {
        var isChanged = round.Transitions.Count > 0 || round.Notifications.Count > 0;
        var isHolding = round.Current.Any(static alert => alert.State is AlertState.Pending or AlertState.Resolving);
        if (Keeper is not null && (isChanged || Math.Abs(now - keptAt) >= (isHolding ? Keeper.HoldsEveryMillis : KeptEveryMillis)))
        {
            _ = Keeper.Keep(life.Remember(), offered, isSafe: isChanged || !isHolding);
            keptAt = now;
        }
    }

    private BoardAlert Describe(Alert alert) => new(
        alert.Rule.Id, alert.Unit, text.Subject(alert), StateOf(alert.State),
        InstantText.ToLocalSeconds(alert.ResolvedAt ?? alert.FiringSince ?? alert.PendingSince), text.Finding(alert))
    {
        Kind = alert.Rule.Kind,
        Figure = alert.Rule.Figure,
        TextEn = text.FindingInEnglish(alert),
    };

    /// <summary>A state as interfaces call it.</summary>
    public static string StateOf(AlertState state) => state.ToString().ToLowerInvariant();
}

using System.Text.Encodings.Web;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using KpiStream.Engine.Alerts;

namespace KpiStream.Ingest.Host.Serving.Alerts.Delivery;

/// <summary>What a message says has become of its alerts.</summary>
public enum DeliveryState
{
    Firing,
    Acknowledged,
    Resolved,

    /// <summary>About nothing: a receiver is tried.</summary>
    Test,
}

/// <summary>
/// One message, complete in itself: channels only give it their form. Everything a receiver may need is in it, so that it can be delivered by a later run of
/// the program with other settings. Immutable. Instants are milliseconds since 1970 UTC.
/// </summary>
public sealed record DeliveryMessage
{
    /// <summary>How messages are kept: one line, Vietnamese readable, nothing missing.</summary>
    internal static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>The deduplication key: the same from the first message about something to the one that it is over, and in every repeat.</summary>
    public required string Key { get; init; }

    /// <summary>Grows with every message of a key. A receiver ignores a number that is not greater than the last.</summary>
    public required long Number { get; init; }

    public required DeliveryState State { get; init; }

    public required AlertGrade Grade { get; init; }

    public required AlertKind Kind { get; init; }

    /// <summary>What alerts are grouped by.</summary>
    public required string Cause { get; init; }

    /// <summary>When the message came to be.</summary>
    public required long At { get; init; }

    /// <summary>When it began to hold.</summary>
    public required long Since { get; init; }

    /// <summary>When it was over; null while it is not.</summary>
    public long? EndedAt { get; init; }

    /// <summary>How many alerts it is about.</summary>
    public required int Count { get; init; }

    /// <summary>The alerts, the worst first: <see cref="MostAlerts"/> at most.</summary>
    public required IReadOnlyList<DeliveredAlert> Alerts { get; init; }

    public required MessageText Vi { get; init; }

    public required MessageText En { get; init; }

    /// <summary>Where to read on: the board. Null where the server has no address of its own to give.</summary>
    public string? Link { get; init; }

    /// <summary>The most alerts that a message names.</summary>
    public const int MostAlerts = 5;

    [JsonIgnore]
    public bool IsOver => State == DeliveryState.Resolved;

    public MessageText Text(MessageLanguage language) => language == MessageLanguage.En ? En : Vi;
}

/// <summary>One alert of a message.</summary>
public sealed record DeliveredAlert
{
    public required string Id { get; init; }

    public required string Rule { get; init; }

    /// <summary>The figure's id; empty where the alert is about none.</summary>
    public required string Figure { get; init; }

    public required string FigureName { get; init; }

    public required string Period { get; init; }

    /// <summary>The unit's code, or the name of a source or board.</summary>
    public required string Unit { get; init; }

    public required string UnitName { get; init; }

    public required DeliveryState State { get; init; }

    public required AlertGrade Grade { get; init; }

    /// <summary>When its condition was first seen to hold.</summary>
    public required long PendingSince { get; init; }

    /// <summary>When it fired.</summary>
    public required long Since { get; init; }

    /// <summary>Cases counted; 0 where nothing was.</summary>
    public required long Denominator { get; init; }

    /// <summary>Null for a volume.</summary>
    public long? Numerator { get; init; }

    /// <summary>The target ratio (0–1), or the least count; null when none is in force.</summary>
    public double? Threshold { get; init; }

    /// <summary>What was found, in a few words.</summary>
    public required string FindingVi { get; init; }

    /// <inheritdoc cref="FindingVi"/>
    public required string FindingEn { get; init; }
}

/// <summary>A message in one language.</summary>
/// <param name="Subject">At most <see cref="LongestSubject"/> characters on one line.</param>
/// <param name="Line">The whole of it on one line, for receivers that show one.</param>
/// <param name="Facts">What, where, since when, how sure: labels and values in the order to be read.</param>
/// <param name="Worst">The alerts named, a line each; empty where there is one.</param>
/// <param name="Advice">What to do next, a sentence each.</param>
public sealed record MessageText(string Subject, string Line, IReadOnlyList<MessageFact> Facts, IReadOnlyList<string> Worst, IReadOnlyList<string> Advice)
{
    /// <summary>So that no mail program folds or cuts it (RFC 5322, 2.1.1).</summary>
    public const int LongestSubject = 78;
}

/// <summary>One line of a message.</summary>
public sealed record MessageFact(string Label, string Value);

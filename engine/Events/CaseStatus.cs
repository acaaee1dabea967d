namespace KpiStream.Engine.Events;

/// <summary>The statuses of a case by their numbers in events. Null is 0, which is no status.</summary>
public enum CaseStatus : byte
{
    Filed = 1,
    Accepted = 2,
    Refused = 3,
    Processing = 4,
    AwaitingPapers = 5,
    AwaitingPayment = 6,
    Withdrawn = 7,
    Stopped = 8,
    ResultReady = 9,
    ResultReturned = 10,
}

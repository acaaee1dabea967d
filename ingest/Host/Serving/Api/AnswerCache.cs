namespace KpiStream.Ingest.Host.Serving.Api;

/// <summary>
/// Answers that cost a look at many rows, kept for a moment: however many boards ask, each is worked out once in that time. Any thread. Bound: the answers
/// kept; the oldest goes.
/// </summary>
/// <param name="keptFor">How old an answer may be.</param>
/// <param name="most">Answers kept.</param>
internal sealed class AnswerCache<T>(TimeSpan keptFor, int most, TimeProvider time)
{
    private readonly Dictionary<string, (long Asked, Task<T> Answer)> known = [];
    private readonly Lock changing = new();

    /// <summary>The answer to a question, worked out when there is none that is new enough. One that failed is not kept.</summary>
    public Task<T> GetAsync(string question, Func<Task<T>> work)
    {
        lock (changing)
        {
            if (known.TryGetValue(question, out var kept) && time.GetElapsedTime(kept.Asked) < keptFor && !kept.Answer.IsFaulted && !kept.Answer.IsCanceled)
            {
                return kept.Answer;
            }

            if (known.Count >= most && !known.ContainsKey(question))
            {
                known.Remove(known.MinBy(static one => one.Value.Asked).Key);
            }

            var answer = work();
            known[question] = (time.GetTimestamp(), answer);
            return answer;
        }
    }
}

namespace KpiStream.Ingest.Host.Output.DeadLetters;

/// <summary>Says once that letters are being lost, and once that they are not any more, however many there are. Owned by a target's thread.</summary>
internal sealed class LossReport(Action<string> say, string place, string advice)
{
    private bool isLosing;
    private long lost;

    public void Lose(long letters, string why)
    {
        lost += letters;
        if (!isLosing)
        {
            isLosing = true;
            say($"dead letters were lost: {why.TrimEnd('.')}. Rejected records are still counted. {advice}");
        }
    }

    public void Keep()
    {
        if (isLosing)
        {
            say($"dead letters are written to {place} again; {lost} were lost.");
            isLosing = false;
            lost = 0;
        }
    }
}

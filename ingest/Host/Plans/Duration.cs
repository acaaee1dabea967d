namespace KpiStream.Ingest.Host.Plans;

/// <summary>A duration as it is typed and shown; zero is <c>off</c> or <c>0</c>.</summary>
internal readonly record struct Duration(TimeSpan Time)
{
    public override string ToString() => DurationText.Of(Time);
}

namespace KpiStream.Ingest.Host.Plans;

/// <summary>What the program's exit says.</summary>
internal static class ExitCode
{
    public const int Ok = 0;
    public const int CheckFailed = 1;
    public const int Usage = 2;
    public const int Configuration = 3;
    public const int Unavailable = 4;
    public const int Damaged = 5;
}

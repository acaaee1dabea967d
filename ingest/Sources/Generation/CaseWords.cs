namespace KpiStream.Ingest.Sources.Generation;

/// <summary>The contract's words, codes of procedures and fields as bytes, ready to be copied.</summary>
internal static class CaseWords
{
    public static readonly byte[][] Kinds = Of(Words.Kind);
    public static readonly byte[][] Channels = Of(Words.Channel);
    public static readonly byte[][] PaidVia = Of(Words.PaidVia);
    public static readonly byte[][] Results = Of(Words.Result);
    public static readonly byte[][] Returned = Of(Words.Returned);
    public static readonly byte[][] Presences = Of(Words.Presence);
    public static readonly byte[][] Procedures = [.. Procedure.All.Select(procedure => Encoding.UTF8.GetBytes(procedure.Code))];
    public static readonly byte[][] Fields = [.. Procedure.All.Select(procedure => Encoding.UTF8.GetBytes(procedure.Field))];

    private static byte[][] Of(Words words) => [.. words.List.Select(Encoding.UTF8.GetBytes)];
}

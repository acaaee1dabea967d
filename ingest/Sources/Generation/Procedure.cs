namespace KpiStream.Ingest.Sources.Generation;

/// <summary>
/// A procedure as communes meet it. The mix (certification half, civil status a quarter, land an eighth) is an assumption: no
/// official shares are published. Codes have the official form; most stand for no particular procedure.
/// </summary>
/// <param name="Weight">How often, against the others.</param>
/// <param name="Days">Working days allowed; 0 = the same day.</param>
/// <param name="Fee">Đồng.</param>
/// <param name="OnSite">Cases in a thousand in which the office must look on site.</param>
internal sealed record Procedure(string Code, string Field, int Weight, int Days, long Fee, int OnSite = 0)
{
    public static readonly IReadOnlyList<Procedure> All =
    [
        new("2.000815", "G15-CT01", 270, 0, 8_000),
        new("2.000884", "G15-CT01", 90, 0, 10_000),
        new("2.000913", "G15-CT01", 60, 1, 30_000),
        new("2.001035", "G15-CT01", 80, 1, 10_000),
        new("1.001193", "G15-HT02", 60, 1, 0),
        new("1.000894", "G15-HT02", 30, 1, 0),
        new("1.000656", "G15-HT02", 25, 1, 0),
        new("2.000635", "G15-HT02", 70, 1, 8_000),
        new("1.004873", "G15-HT02", 45, 3, 15_000),
        new("1.004859", "G15-HT02", 20, 3, 15_000),
        new("1.012753", "G11-DD01", 40, 10, 120_000, 180),
        new("1.012789", "G11-DD01", 50, 15, 50_000, 150),
        new("1.012781", "G11-DD01", 30, 5, 28_000),
        new("1.001612", "G16-KH01", 35, 3, 100_000),
        new("2.000720", "G16-KH01", 15, 3, 50_000),
        new("1.001776", "G07-LD02", 25, 12, 0, 40),
        new("1.001731", "G07-LD02", 20, 5, 0),
        new("1.004442", "G05-GD04", 10, 10, 0),
        new("1.009994", "G09-XD03", 15, 15, 75_000, 250),
        new("1.003596", "G13-NN02", 10, 20, 0, 60),
    ];

    /// <summary>The procedure of the certified copies that must go out the day they come in (letter of July 2025).</summary>
    public bool IsCertification => Days == 0;
}

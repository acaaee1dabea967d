using KpiStream.Engine.Units;

namespace KpiStream.Ingest.Tests.Sources.Generation;

/// <summary>Directories to generate for.</summary>
internal static class TestUnits
{
    public static UnitDirectory HungYen { get; } = Shipped("units-hungyen.csv");

    public static UnitDirectory Few { get; } = Parse(
        "code,name,kind,parent\nVN,Việt Nam,quốc gia,\n33,Hưng Yên,tỉnh,VN\n11953,Phố Hiến,phường,33\n12850,Tây Thụy Anh,xã,33\n"
        + "12019,Văn Giang,xã,33\n14,Sơn La,tỉnh,VN\n03646,Tô Hiệu,phường,14\n");

    private static UnitDirectory Shipped(string name)
    {
        using var reader = new StreamReader(typeof(GeneratedStream).Assembly.GetManifestResourceStream(name)!);
        return Parse(reader.ReadToEnd());
    }

    private static UnitDirectory Parse(string csv)
    {
        var problems = new List<string>();
        return UnitDirectory.TryCreate(UnitCsv.Parse(csv, problems), "test", problems)!;
    }
}

using KpiStream.Engine.Units;

namespace KpiStream.Ingest.Tests.Sources.Configuration;

/// <summary>Files an operator writes: what is no UTF-8 text is named in our own words, whatever the file is for.</summary>
public sealed class ConfigTextTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string> Kinds => ["settings", "rulebook", "units", "targets", "procedures", "calendar", "profile", "pseudonym key"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void AnotherEncodingOrANul_IsRefusedWithItsLine(string kind)
    {
        const string Text = "# first line\nkey: value\nname: Hưng Yên\n";
        (byte[] Bytes, int Line, string Said)[] mistakes =
        [
            ([0xff, 0xfe, .. Encoding.Unicode.GetBytes(Text)], 0, "is UTF-16; save it as UTF-8"),
            ([0xfe, 0xff, .. Encoding.BigEndianUnicode.GetBytes(Text)], 0, "is UTF-16; save it as UTF-8"),
            (Encoding.Unicode.GetBytes(Text), 0, "is UTF-16; save it as UTF-8"),
            (Encoding.BigEndianUnicode.GetBytes(Text), 0, "is UTF-16; save it as UTF-8"),
            ([0xff, 0xfe, 0, 0, .. Encoding.UTF32.GetBytes(Text)], 0, "is UTF-32; save it as UTF-8"),
            (Encoding.UTF8.GetBytes(Text.Replace("Hưng", "H\0ng")), 3, "holds a NUL character (U+0000); remove it"),
            (Encoding.UTF8.GetBytes(Text.Replace("value", "va\u0007lue")), 2, "holds a control character (U+0007); remove it"),
            ([.. "a: b\nname: "u8, 0xd0, .. "ng\n"u8], 2, "holds bytes that are not UTF-8"),
        ];
        foreach (var (bytes, line, said) in mistakes)
        {
            var path = folder.File("file");
            File.WriteAllBytes(path, bytes);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            var problems = new List<ConfigProblem>();
            Load(kind, path, problems);
            var problem = Assert.Single(problems);
            Assert.Equal((path, line), (problem.File, problem.Line));
            Assert.Contains(said, problem.Message);
        }
    }

    [Fact]
    public void UnusualButGoodText_IsRead()
    {
        var path = folder.File("kpistream.yaml");
        File.WriteAllBytes(path, [0xef, 0xbb, 0xbf, .. "# Hưng Yên\u0085\r\n\tnote\n"u8]);
        Assert.NotNull(ConfigText.TryRead(path, "", []));
    }

    private static void Load(string kind, string path, List<ConfigProblem> problems)
    {
        switch (kind)
        {
            case "settings": SettingsFile.Load(path, problems); break;
            case "rulebook": RulebookFile.Load(path, problems); break;
            case "units": UnitFile.Load(path, problems); break;
            case "targets": TargetFile.Load(path, Shipped.Rulebook(), Shipped.Units("hungyen"), problems); break;
            case "procedures": ProcedureFile.Load(path, problems); break;
            case "calendar": CalendarFile.Load(path, problems); break;
            case "profile": ProfileFile.Load(path, problems); break;
            default: PseudonymKeyFile.Load(path, problems); break;
        }
    }
}

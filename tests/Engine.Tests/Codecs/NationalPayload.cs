namespace KpiStream.Engine.Tests.Codecs;

/// <summary>The shipped national profile, as it is and with the one change that files need: they have no record timestamp.</summary>
internal static class NationalPayload
{
    public static SourceProfiles Shipped { get; } = Of(Ingest.Sources.Configuration.Rules.Shipped.Profile("national"));

    public static EventDecoder Decoder(CodeBook codes) => new(codes, PseudonymKey.Fixed, DecodeLimits.Default, Shipped);

    /// <summary>The shipped profile with <c>at</c> from a key of the payload, changed as its text says.</summary>
    public static SourceProfiles WithTheTimeIn(string key)
    {
        var problems = new List<ConfigProblem>();
        var text = Ingest.Sources.Configuration.Rules.Shipped.Text("profile-national.yaml")
            .Replace("\nat: record\n", "\n")
            .Replace("\nfacts:\n", $"\nfacts:\n  at: {{key: {key}}}\n");
        return Of(ProfileYaml.Parse("profile.yaml", text, problems) ?? throw new InvalidOperationException(string.Join('\n', problems)));
    }

    private static SourceProfiles Of(SourceProfile profile) =>
        new() { All = profile, Units = new UnitAliases(Ingest.Sources.Configuration.Rules.Shipped.Units("hungyen")) };
}

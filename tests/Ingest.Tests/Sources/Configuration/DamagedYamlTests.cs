namespace KpiStream.Ingest.Tests.Sources.Configuration;

/// <summary>Whatever is done to a file, the readers answer with the file or with problems, never with an exception.</summary>
public sealed class DamagedYamlTests
{
    private const string Pieces = "{}[]:,-#&*!|>'\"%@`?~\t \n\r0a\u0000\u00e9\u2028";

    [Theory]
    [InlineData("rulebook.yaml")]
    [InlineData("kpistream.yaml")]
    [InlineData("profile-national.yaml")]
    public void DamagedFile_IsReadOrHasProblems(string file)
    {
        var text = Shipped.Text(file);
        for (var seed = 1; seed <= 300; seed++)
        {
            var damaged = Damage(text, new Random(seed));
            var problems = new List<ConfigProblem>();

            var thrown = Record.Exception(() =>
            {
                object? read = file switch
                {
                    "rulebook.yaml" => RulebookYaml.Parse(file, damaged, problems),
                    "kpistream.yaml" => SettingsYaml.Parse(file, damaged, problems),
                    _ => ProfileYaml.Parse(file, damaged, problems),
                };
                Assert.Equal(read is null, problems.Count > 0);
            });

            Assert.True(thrown is null, $"seed {seed}: {thrown}");
            Assert.All(problems, problem => Assert.InRange(problem.Line, 1, damaged.Length + 1));
        }
    }

    private static string Damage(string text, Random random)
    {
        var damaged = new StringBuilder(text);
        for (var blows = random.Next(1, 6); blows > 0; blows--)
        {
            var at = random.Next(damaged.Length);
            switch (random.Next(3))
            {
                case 0:
                    damaged.Insert(at, Pieces[random.Next(Pieces.Length)]);
                    break;
                case 1:
                    damaged[at] = Pieces[random.Next(Pieces.Length)];
                    break;
                default:
                    damaged.Remove(at, Math.Min(random.Next(1, 40), damaged.Length - at));
                    break;
            }
        }

        return damaged.ToString();
    }
}

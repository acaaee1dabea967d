namespace KpiStream.Ingest.Tests.Host;

/// <summary>What is not understood is refused by name, with the nearest name that is; and every command knows the same forms.</summary>
public sealed class NotUnderstoodTests
{
    public static TheoryData<string> CommandNames()
    {
        var names = new TheoryData<string>();
        foreach (var command in CommandTree.Root().Subcommands.SelectMany(
            command => command.Subcommands.Count > 0 ? command.Subcommands.Select(inner => $"{command.Name} {inner.Name}") : [command.Name]))
        {
            names.Add(command);
        }

        return names;
    }

    [Fact]
    public void ACommandNamedFirst_IsFoundAloneUnderItsName() =>
        Assert.All(CommandTree.Root().Subcommands, command => Assert.Equal([command.Name], CommandTree.Root(command.Name).Subcommands.Select(one => one.Name)));

    [Theory]
    [MemberData(nameof(CommandNames))]
    public void UnknownOption_IsRefusedWithTheNearestEvenWhereHelpIsAskedFor(string command)
    {
        var parsed = CommandTree.Parse(command.Split(' '));
        foreach (var option in parsed.CommandResult.Command.Options.Where(option => option.Name.Length > 5))
        {
            // Two letters in the middle exchanged.
            var wrong = $"{option.Name[..3]}{option.Name[4]}{option.Name[3]}{option.Name[5..]}";
            if (wrong != option.Name)
            {
                // Of "--seped" both "--speed" and "--seed" are near.
                var said = Said([.. command.Split(' '), wrong]);
                var near = parsed.CommandResult.Command.Options.Select(static known => known.Name)
                    .Where(known => Enumerable.Range(0, wrong.Length).Any(letter => wrong.Remove(letter, 1) == known)).Append(option.Name);
                Assert.Contains(near, name => said.Contains($"'{wrong}' is no option of this command; did you mean '{name}'?"));
            }
        }

        Assert.Contains($"See 'kpistream {command} --help'", Said([.. command.Split(' '), "--nonsense"]));
    }

    [Theory]
    [InlineData("nonsense --help", "'nonsense' is no command; known are serve")]
    [InlineData("relay --help", "did you mean 'replay'?")]
    [InlineData("snapshot inspekt x", "did you mean 'inspect'?")]
    [InlineData("check-config extra", "'extra' is one word too many")]
    [InlineData("serve extra --help", "'extra' is one word too many")]
    [InlineData("generate --profile hostle", "Did you mean 'hostile'?")]
    [InlineData("generate --format jsn --profile hostile", "none of json, map, compact")]
    [InlineData("replay x --kafka-drain bached", "Did you mean 'batched'?")]
    [InlineData("replay x --checkpoint-every 5", "")]
    [InlineData("replay x --checkpoint-every 5s", "")]
    [InlineData("replay x --checkpoint-every 500ms --give-up-after 2m", "")]
    [InlineData("replay x --checkpoint-every 2d", "no duration from 0 to 1d")]
    [InlineData("replay x --give-up-after 10x", "no duration from 1s to 1d")]
    [InlineData("replay x --periods 1h,7d", "")]
    [InlineData("replay x --periods \t1h", "'\t1h' is no period")]
    [InlineData("recount x --periods day,\tmonth", "'\tmonth' is no period")]
    [InlineData("serve --self-check 5", "no duration from 1s to 31d")]
    [InlineData("serve --self-check 2h", "")]
    [InlineData("case @phuong-7 x", "")]
    [InlineData("replay @x", "")]
    public void Words_AreUnderstoodOrRefusedByName(string line, string said)
    {
        var words = line.Split(' ');
        if (said.Length == 0)
        {
            Assert.Empty(Said(words));
        }
        else
        {
            Assert.Contains(said, Said(words));
        }
    }

    [Fact]
    public void WordThatBeginsWithAt_IsTheWordItself()
    {
        var parsed = CommandTree.Parse(["case", "@/etc/passwd", "x"]);
        Assert.Equal("@/etc/passwd", parsed.GetRequiredValue<string>("CODE"));
    }

    private static string Said(string[] words) => string.Join('\n', CommandTree.Refusal(CommandTree.Parse(words)));
}

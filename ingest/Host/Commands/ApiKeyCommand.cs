using KpiStream.Ingest.Host.Serving.Access;

namespace KpiStream.Ingest.Host.Commands;

/// <summary><c>kpistream api-key create|list|revoke</c>: which programs may read, post events or operate.</summary>
internal static class ApiKeyCommand
{
    public static Command Create() => new("api-key", "Let programs read, post events or operate: create, list and revoke their keys.")
    {
        CreateKey(),
        BoardTokenCommand.ListOf("list", "List the keys.", AccessKind.Key),
        BoardTokenCommand.RevokeOf("revoke", "Take a key back; what is open with it ends within two seconds.", AccessKind.Key),
    };

    private static Command CreateKey()
    {
        var name = BoardTokenCommand.NameArgument("What to call it: the program that uses it.");
        var roles = new Option<AccessRole[]>("--role")
        {
            Description = "What it may do: read, post or operate (which includes read). May be given several times.",
            Required = true,
            CustomParser = WordsOf,
        };
        var endsAfter = BoardTokenCommand.EndsAfter();
        return AccessOptions.Create("create", "Create a key and print it.", [name, roles, endsAfter], (access, parsed) =>
        {
            var lasts = parsed.GetValue(endsAfter).Time;
            var given = parsed.GetRequiredValue(roles).Distinct().ToList();
            if (access.Create(AccessKind.Key, parsed.GetRequiredValue(name), lasts > TimeSpan.Zero ? lasts : null, entry => entry with { Roles = given })
                is not { } secret)
            {
                return ExitCode.Configuration;
            }

            Terminal.Result(secret);
            Terminal.Say("send it as 'Authorization: Bearer KEY'; it is not shown again.");
            return ExitCode.Ok;
        });
    }

    private static AccessRole[] WordsOf(ArgumentResult result)
    {
        var words = Enum.GetNames<AccessRole>().Select(static name => name.ToLowerInvariant()).ToList();
        var roles = new List<AccessRole>();
        foreach (var text in result.Tokens.Select(static token => token.Value))
        {
            if (words.IndexOf(text.ToLowerInvariant()) is >= 0 and var index)
            {
                roles.Add(Enum.GetValues<AccessRole>()[index]);
            }
            else
            {
                result.AddError($"--role: '{text}' is none of {string.Join(", ", words)}.");
            }
        }

        return [.. roles];
    }
}

using KpiStream.Ingest.Host.Serving.Access;

namespace KpiStream.Ingest.Host.Commands;

/// <summary><c>kpistream board-token create|list|revoke</c>: who may look at one board, without a name and password on a wall.</summary>
internal static class BoardTokenCommand
{
    public static Command Create() => new("board-token", "Let a screen show one board: create, list and revoke the tokens for it.")
    {
        CreateToken(),
        ListOf("list", "List the tokens.", AccessKind.Board),
        RevokeOf("revoke", "Take a token back; what is open with it ends within two seconds.", AccessKind.Board),
    };

    public static Command ListOf(string name, string description, AccessKind kind)
    {
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        return AccessOptions.Create(name, description, [json], (access, parsed) => access.List(kind, parsed.GetValue(json)));
    }

    public static Command RevokeOf(string name, string description, AccessKind kind)
    {
        var named = NameArgument("Its name or id.");
        return AccessOptions.Create(name, description, [named], (access, parsed) => access.Revoke(kind, parsed.GetRequiredValue(named)));
    }

    public static Argument<string> NameArgument(string description)
    {
        var name = new Argument<string>("NAME") { Description = description };
        name.Validators.Add(UnknownName.RefuseOptions);
        return name;
    }

    public static Option<Duration> EndsAfter() => DurationOption.Create(
        "--ends-after", "After how long it ends by itself, like 8h or 365d, or off.", TimeSpan.FromMinutes(1), TimeSpan.FromDays(3_660), TimeSpan.Zero,
        mayBeOff: true);

    private static Command CreateToken()
    {
        var name = NameArgument("What to call it: where the screen hangs.");
        var unit = new Option<string?>("--unit") { Description = "The unit to show with everything below it. Left out, the whole board." };
        var isPublic = new Option<bool>("--public") { Description = "Anybody may look at the screen: counts of 1 to 4 cases are hidden, alerts left out." };
        var endsAfter = EndsAfter();
        return AccessOptions.Create("create", "Create a token and print the address to open once on the screen.", [name, unit, isPublic, endsAfter],
            (access, parsed) => Create(
                access, parsed.GetRequiredValue(name), parsed.GetValue(unit), parsed.GetValue(isPublic), parsed.GetValue(endsAfter).Time));
    }

    private static int Create(AccessChange access, string name, string? unit, bool isPublic, TimeSpan endsAfter)
    {
        var top = BoardPlan.TopOf(access.Directory);
        var shown = unit ?? top.Code;
        if (access.Directory.Find(shown) is null || !access.Directory.IsAtOrBelow(shown, top.Code))
        {
            Terminal.Say($"there is no unit '{shown}' on this server's boards; look codes up with /api/v1/units?q=. "
                + $"{Suggestion.Nearest(shown, [.. access.Directory.Rows.Select(static row => row.Code)])}".TrimEnd());
            return ExitCode.Configuration;
        }

        if (access.Create(AccessKind.Board, name, endsAfter > TimeSpan.Zero ? endsAfter : null, entry => entry with { Unit = shown, Public = isPublic })
            is not { } secret)
        {
            return ExitCode.Configuration;
        }

        Terminal.Result($"{access.Settings.Http.Reached.AbsoluteUri.TrimEnd('/')}/board?token={secret}");
        Terminal.Say("open this address once in the screen's browser, under the name by which it reaches the server; it is not shown again. Revoke it with "
            + $"'kpistream board-token revoke' and its name.");
        return ExitCode.Ok;
    }
}

namespace KpiStream.Ingest.Tests.Host;

/// <summary>The commands that create, list and revoke, and the start that is refused without them.</summary>
public sealed class AccessCommandTests
{
    [Fact]
    public async Task AServerThatOthersReach_IsRefusedUntilSomebodyMayLook()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("kpistream.yaml"), "http:\n  listen: 0.0.0.0\n");
        var open = await KpiStreamProcess.RunInAsync(folder.Path, "serve", "--demo", "--port", "0");
        Assert.Equal(ExitCode.Configuration, open.ExitCode);
        Assert.Contains("kpistream.yaml:2: http.listen: other machines reach '0.0.0.0', which needs the section 'access'", open.Errors);

        await File.WriteAllTextAsync(folder.File("kpistream.yaml"), "http:\n  listen: 0.0.0.0\n  proxy: {addresses: [10.0.0.5]}\naccess:\n");
        var nobody = await KpiStreamProcess.RunInAsync(folder.Path, "serve", "--demo", "--port", "0");
        Assert.Equal(ExitCode.Configuration, nobody.ExitCode);
        Assert.Contains("run 'kpistream board-token create' or 'kpistream api-key create'", nobody.Errors);

        var created = await KpiStreamProcess.RunInAsync(folder.Path, "board-token", "create", "Sảnh 1", "--unit", "11953", "--public");
        Assert.Equal(ExitCode.Ok, created.ExitCode);
        var address = created.Text;
        Assert.StartsWith("https://localhost/board?token=", address);
        var token = address.Trim().Split('=')[1];
        Assert.DoesNotContain(token, await File.ReadAllTextAsync(folder.File("kpistream-state/access.json")) + created.Errors);

        var listed = await KpiStreamProcess.RunInAsync(folder.Path, "board-token", "list");
        Assert.Equal(["11953", "public", "Sảnh", "1"], listed.Text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Skip(2));
        var revoked = await KpiStreamProcess.RunInAsync(folder.Path, "board-token", "revoke", "Sảnh 1");
        Assert.Equal((ExitCode.Ok, ""), (revoked.ExitCode, (await KpiStreamProcess.RunInAsync(folder.Path, "board-token", "list")).Text));
    }

    [Theory]
    [InlineData("api-key create x --role write", "--role: 'write' is none of read, post, operate")]
    [InlineData("api-key create x", "Option '--role' is required")]
    [InlineData("board-token create", "NAME")]
    [InlineData("board-token crate x", "did you mean 'create'?")]
    [InlineData("board-token create x --ends-after 5", "--ends-after: '5' is no duration")]
    public void WhatIsNotUnderstood_IsSaid(string command, string said) =>
        Assert.Contains(said, string.Join('\n', CommandTree.Refusal(CommandTree.Parse(command.Split(' ')))));

    [Theory]
    [InlineData("board-token create wall --unit 1195", ExitCode.Configuration)]
    [InlineData("board-token revoke wall", ExitCode.CheckFailed)]
    internal async Task WhatIsNotThere_ChangesNothing(string command, int exit)
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(exit, await CommandTree.RunAsync([.. command.Split(' '), "--state", folder.File("state")]));
        Assert.False(File.Exists(folder.File("state/access.json")));
    }
}

using System.Text.Json;

namespace LLMOS.Shell.Tests;

/// <summary><c>keys</c>.</summary>
public sealed class KeysTests
{
    [Fact]
    public async Task A_key_is_made_listed_without_its_secret_and_revoked()
    {
        using var home = new TempFolder();
        using var shell = ShellProcess.Start(home.Path, "--data", home.File("data"));
        await shell.WriteAsync("""
            keys create alice --rate 5 --priority HIGH --account alice/web
            keys create "a b"
            keys create bob --role king
            keys revoke nothing
            keys list
            """ + "\n");
        shell.CloseInput();
        await shell.WaitAsync();
        Assert.Matches(@"(?m)^llmos-[0-9a-f]{8}-[A-Za-z0-9_-]{43}\r?$", shell.Output);
        Assert.Contains("is the only time that its secret is shown", shell.Error, StringComparison.Ordinal);
        Assert.Contains("'a b' is no name of a principal", shell.Error, StringComparison.Ordinal);
        Assert.Contains("'king' is no role that can be given", shell.Error, StringComparison.Ordinal);
        Assert.Contains("There is no key 'nothing'", shell.Error, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^[0-9a-f]{8} +alice +user +5 +6 +alice/web", shell.Output);

        using var list = await ShellProcess.RunAsync(home.Path, "keys", "list", "-o", "json", "--data", home.File("data"));
        var key = Assert.Single(JsonDocument.Parse(list.Output).RootElement.EnumerateArray().ToList());
        Assert.Equal(JsonValueKind.Null, key.GetProperty("secret").ValueKind);
        using var revoked = await ShellProcess.RunAsync(home.Path, "keys", "revoke", key.GetProperty("id").GetString()!, "--data", home.File("data"));
        Assert.Matches("^The key [0-9a-f]{8} of alice is revoked", revoked.Output);
        using var again = await ShellProcess.RunAsync(home.Path, "keys", "list", "-o", "json", "--data", home.File("data"));
        Assert.NotEqual(JsonValueKind.Null, JsonDocument.Parse(again.Output).RootElement[0].GetProperty("revokedAt").ValueKind);
    }
}

using System.Text.Json;

namespace LLMOS.Shell.Tests;

public sealed class ConfigTests
{
    [Fact]
    public async Task Options_are_set_listed_with_their_source_and_taken_out_again()
    {
        using var home = new TempFolder();
        Assert.Equal(0, (await RunAsync(home, "config", "set", "models:policy", "rr", "-q")).ExitCode);
        Assert.Equal(0, (await RunAsync(home, "config", "set", "Models:Adapters:pirate:Path", "/adapters/pirate.gguf", "-q")).ExitCode);
        var file = Path.Combine(home.File("data"), "llmos.json");
        Assert.Equal("rr", JsonDocument.Parse(File.ReadAllText(file)).RootElement.GetProperty("Models").GetProperty("Policy").GetString());

        var get = await RunAsync(home, "config", "get", "MODELS:POLICY");
        Assert.Equal((0, "rr"), (get.ExitCode, get.Output.Trim()));
        var rows = JsonDocument.Parse((await RunAsync(home, "config", "list", "-o", "json")).Output).RootElement.EnumerateArray().ToList();
        Assert.Contains(rows, row => (row.GetProperty("name").GetString(), row.GetProperty("source").GetString()) == ("Models:Policy", "llmos.json"));
        Assert.Contains(rows, row => (row.GetProperty("name").GetString(), row.GetProperty("source").GetString()) == ("Data", "command line"));
        Assert.Contains(rows, row => row.GetProperty("name").GetString() == "Model" && row.GetProperty("source").GetString()!.StartsWith("LLMOS_", StringComparison.Ordinal));

        // What no silo would start with is refused, and the file is as it was.
        var before = File.ReadAllText(file);
        var wrong = await RunAsync(home, "config", "set", "GatewayPort", "many");
        Assert.Equal(1, wrong.ExitCode);
        Assert.Equal("llmos: GatewayPort is 'many', which is no port: use 1 to 65535, or 0 for any that is free. GatewayPort was left as it is." + Environment.NewLine, wrong.Error);
        Assert.Equal(before, File.ReadAllText(file));

        Assert.Equal(0, (await RunAsync(home, "config", "unset", "Models:Adapters:pirate:Path")).ExitCode);
        Assert.Equal(["Policy"], JsonDocument.Parse(File.ReadAllText(file)).RootElement.GetProperty("Models").EnumerateObject().Select(option => option.Name));
        Assert.Equal(1, (await RunAsync(home, "config", "unset", "Models:Quantum")).ExitCode);
        Assert.Equal(1, (await RunAsync(home, "config", "get", "Models:Quantum")).ExitCode);

        File.WriteAllText(file, "{ no json");
        var broken = await RunAsync(home, "config", "set", "Models:Policy", "rr");
        Assert.Equal(1, broken.ExitCode);
        Assert.Contains("llmos.json", broken.Error, StringComparison.Ordinal);
        Assert.Equal("{ no json", File.ReadAllText(file));
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(TempFolder home, params IEnumerable<string> arguments)
    {
        using var shell = await ShellProcess.RunAsync(home.Path, [.. arguments, "--data", home.File("data")]);
        return (shell.ExitCode, shell.Output, shell.Error);
    }
}

using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LLMOS.Shell.Tests;

/// <summary>Right command lines that cannot succeed: exit code 1 and one sentence with what was wrong and the way out.</summary>
public sealed class FailureTests
{
    [Fact]
    public async Task A_model_that_is_missing_no_GGUF_truncated_or_unknown_is_named_before_a_silo_starts()
    {
        using var home = new TempFolder();
        var missing = home.File("missing.gguf");
        await AssertModelFailsAsync(home, missing, missing, "There is no file");

        var text = home.File("text.gguf");
        File.WriteAllText(text, "this is no model");
        await AssertModelFailsAsync(home, text, text, "GGUF");

        var truncated = home.File("truncated.gguf");
        File.WriteAllBytes(truncated, File.ReadAllBytes(ShellProcess.RandomModel)[..300_000]);
        await AssertModelFailsAsync(home, truncated, truncated, "");

        var unknown = home.File("unknown.gguf");
        var bytes = File.ReadAllBytes(ShellProcess.RandomModel);
        var at = bytes.AsSpan().IndexOf("general.architecture"u8) + "general.architecture".Length + sizeof(uint) + sizeof(ulong);
        Assert.Equal("llama", Encoding.ASCII.GetString(bytes, at, 5));
        "zebra"u8.CopyTo(bytes.AsSpan(at));
        File.WriteAllBytes(unknown, bytes);
        await AssertModelFailsAsync(home, unknown, unknown, "zebra");

        await AssertModelFailsAsync(home, "no-such-name", "no-such-name", "nano");
    }

    [Theory]
    [InlineData("kill 4711", "llmos: kill, pid: There is no process 4711")]
    [InlineData("run --resume nothing-23456", "nothing-23456")]
    [InlineData("log nothing", "llmos: There is no process and no run 'nothing': see llmos ps -a and llmos runs.")]
    [InlineData("cat /context/nothing", "llmos: There is no context region '/context/nothing'")]
    [InlineData("receive", "llmos: There is no message for process 5; --wait SECONDS waits for one.")]
    public async Task What_is_unknown_is_named(string line, string part)
    {
        using var home = new TempFolder();
        using var shell = await ShellProcess.RunAsync(home.Path, [.. line.Split(' '), "-q"]);

        AssertOneSentence(shell, part);
    }

    [Fact]
    public async Task A_workflow_file_with_an_error_names_the_place_and_no_silo_starts()
    {
        using var home = new TempFolder();
        var file = home.File("w.yaml");
        File.WriteAllText(file, "name: w\nroles:\n  - { name: a, promt: x }\n");
        using var shell = await ShellProcess.RunAsync(home.Path, "run", "x", "--workflow", file);

        AssertOneSentence(shell, $"llmos: {file}:3:16: unknown key 'promt'");
        Assert.Equal([file], Directory.GetFileSystemEntries(home.Path));
    }

    [Fact]
    public async Task A_data_folder_in_use_by_another_process_is_joined_and_named_to_a_second_silo()
    {
        using var home = new TempFolder();
        using var holder = ShellProcess.Start(home.Path, "boot", "--data", home.File("data"));
        await holder.UntilAsync((output, _) => output.Contains("Gateway ", StringComparison.Ordinal));

        using var shell = await ShellProcess.RunAsync(home.Path, "boot", "--data", home.File("data"));
        AssertOneSentence(shell, home.File("data"));

        // Two shells on one system: what the one makes the other sees.
        using var spawn = await ShellProcess.RunAsync(home.Path, "spawn", "inbox", "--mailbox", "--data", home.File("data"));
        Assert.True(spawn.ExitCode == 0, spawn.Error);
        var overGateway = await ListAsync(home, without: "llmos.sock");
        Assert.Contains("\n  name: inbox\n", overGateway[1], StringComparison.Ordinal);

        // Where nothing says how to join it, the silo is asked on its control socket, and says the same.
        Assert.Equal(overGateway, await ListAsync(home, without: "llmos.endpoint"));

        holder.Signal(9);
        await holder.WaitAsync();

        // What a killed silo left behind leads nobody astray.
        using var status = await ShellProcess.RunAsync(home.Path, "status", "--data", home.File("data"));
        Assert.Equal((3, true), (status.ExitCode, status.Output.Contains("does not run", StringComparison.Ordinal)));
        using var after = await ShellProcess.RunAsync(home.Path, "ps", "--data", home.File("data"));
        Assert.True(after.ExitCode == 0, after.Error);
        Assert.Contains("inbox", after.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_folder_that_cannot_be_a_folder_is_named()
    {
        using var home = new TempFolder();
        File.WriteAllText(home.File("file"), "");
        using var shell = await ShellProcess.RunAsync(home.Path, "ps", "--data", home.File("file"));

        AssertOneSentence(shell, home.File("file"));
    }

    [Theory]
    [InlineData("mount -t tmpfs -o size=16k none data", "no room left")]
    [InlineData("mount -t tmpfs -o size=16m none data && mount -o remount,ro data", "read-only")]
    public async Task A_data_folder_that_is_full_or_read_only_is_named(string mount, string part)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && await CanMountAsync(), "Only where a user may make mounts of its own.");
        using var home = new TempFolder();
        Directory.CreateDirectory(home.File("data"));
        using var shell = ShellProcess.Start(
            home.Path, "unshare", ["-rm", "sh", "-c", $"{mount} && exec \"$0\" run x --data data -q", ShellProcess.Program]);
        shell.CloseInput();
        await shell.WaitAsync();

        AssertOneSentence(shell, part);
    }

    [Fact]
    public async Task A_port_in_use_is_named()
    {
        using var home = new TempFolder();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        foreach (var option in new[] { "--gateway-port", "--silo-port", "--http" })
        {
            using var shell = await ShellProcess.RunAsync(home.Path, "boot", option, port);
            AssertOneSentence(shell, port);
            Assert.Contains(option, shell.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_cluster_that_does_not_answer_is_named()
    {
        using var home = new TempFolder();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        using var shell = await ShellProcess.RunAsync(home.Path, "ps", "--connect", $"127.0.0.1:{port}");

        AssertOneSentence(shell, $"llmos: No silo answers at 127.0.0.1:{port}");
    }

    /// <summary>What <c>ps</c> lists as a table and as YAML while a file of the data folder is away.</summary>
    private static async Task<string[]> ListAsync(TempFolder home, string without)
    {
        File.Move(home.File($"data/{without}"), home.File("away"));
        var listings = await Task.WhenAll(new[] { "table", "yaml" }.Select(async format =>
        {
            using var shell = await ShellProcess.RunAsync(home.Path, "ps", "-o", format, "--data", home.File("data"));
            Assert.Equal((0, ""), (shell.ExitCode, shell.Error));
            return shell.Output;
        }));
        File.Move(home.File("away"), home.File($"data/{without}"));
        return listings;
    }

    private static async Task AssertModelFailsAsync(TempFolder home, string model, string named, string part)
    {
        using var shell = await ShellProcess.RunAsync(home.Path, "run", "x", "--model", model, "--data", home.File("data"));
        AssertOneSentence(shell, named);
        Assert.Contains(part, shell.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(home.File("data")));
    }

    private static void AssertOneSentence(ShellProcess shell, string part)
    {
        Assert.Equal(1, shell.ExitCode);
        Assert.Equal("", shell.Output);
        Assert.Contains(part, shell.Error, StringComparison.Ordinal);
        Assert.StartsWith("llmos: ", shell.Error, StringComparison.Ordinal);
        Assert.EndsWith("." + Environment.NewLine, shell.Error, StringComparison.Ordinal);
        Assert.Single(shell.Error.TrimEnd().Split('\n'));
        Assert.DoesNotContain("Exception", shell.Error, StringComparison.Ordinal);
    }

    private static async Task<bool> CanMountAsync()
    {
        using var home = new TempFolder();
        try
        {
            using var probe = ShellProcess.Start(home.Path, "unshare", ["-rm", "mount", "-t", "tmpfs", "none", home.Path]);
            return await probe.WaitAsync() == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}

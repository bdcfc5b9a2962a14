using System.Diagnostics;

namespace LLMOS.Shell.Tests.Completion;

/// <summary>The scripts in the shells that they are for, with the real <c>llmos</c> behind them.</summary>
public sealed class CompletionScriptTests
{
    [Theory]
    [InlineData("bash", "source <(llmos completion bash); COMP_WORDS=(llmos fs hist); COMP_CWORD=2; _llmos; printf '%s\\n' \"${COMPREPLY[@]}\"; complete -p llmos", "history", "complete -o bashdefault -F _llmos llmos")]
    [InlineData("zsh", "autoload -U compinit; compinit -u -D; source <(llmos completion zsh); words=(llmos fs hist); CURRENT=3; compadd() { [[ $1 == -a ]] && print -l -- ${(P)2} }; _llmos; print $_comps[llmos]", "history", "_llmos")]
    [InlineData("fish", "llmos completion fish | source; complete -C 'llmos fs hist'", "history")]
    [InlineData("pwsh", "llmos completion pwsh | Out-String | Invoke-Expression; (TabExpansion2 'llmos fs hist' 13).CompletionMatches.CompletionText; (TabExpansion2 'llmos fs ' 9).CompletionMatches.CompletionText", "history", "rollback")]
    public async Task A_shell_completes_a_word(string shell, string script, params string[] expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "These shells are of other systems.");
        string[] arguments = shell switch
        {
            "bash" => ["--norc", "-c", script],
            "zsh" => ["-f", "-c", script],
            "fish" => ["--no-config", "-c", script],
            _ => ["-NoProfile", "-NonInteractive", "-Command", script],
        };
        var remedy = shell == "pwsh" ? "'dotnet tool install --global PowerShell' installs it" : $"Debian's package {shell} has it";
        using var home = new TempFolder();
        var start = new ProcessStartInfo(shell, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = home.Path,
        };
        ShellProcess.Isolate(start, home.Path);
        start.Environment["PATH"] = Path.GetDirectoryName(ShellProcess.Program) + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH");
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception) when (Environment.GetEnvironmentVariable("CI") != "true")
        {
            Assert.Skip($"{shell} is not installed: {remedy}.");
            return;
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            Assert.Fail($"{shell} is not installed ({missing.Message}): {remedy}.");
            return;
        }

        using (process)
        {
            process.StandardInput.Close();
            var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            var output = (await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Split('\n', StringSplitOptions.TrimEntries);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            foreach (var line in expected)
            {
                Assert.True(output.Contains(line), $"{shell} wrote {string.Join(" | ", output)}; {await errors}");
            }
        }
    }
}

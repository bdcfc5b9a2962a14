using System.CommandLine;
using LLMOS.Shell.Commands;
using LLMOS.Shell.Output;
using LLMOS.Shell.Sessions;

namespace LLMOS.Shell.Interactive;

/// <summary>
/// The shell without a command: one session, and lines that are commands for it. Of a line that is no command system calls
/// are made (nlsh), or it is offered to <c>run</c>. Ctrl-C stops what runs and not the shell; the end of the input leaves it.
/// </summary>
internal sealed class InteractiveShell(
    ShellContext context, CommandTree tree, Func<ParseResult, CancellationToken, Task<int>> invoke)
{
    private const string Prompt = "llmos> ";

    public async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var needs = new SessionOptions { Model = parse.GetValue(tree.Model), ShowBoot = true, LoadModel = true };
        await using var lease = await context.OpenAsync(parse, needs, cancellationToken);
        context.Interactive = lease.Session;
        var quiet = parse.GetValue(context.Global.Quiet) || !context.Console.InIsTerminal;
        if (!quiet && lease.Session.ModelNote is { } note)
        {
            context.Console.WriteProgress(note);
        }

        if (!quiet)
        {
            context.Console.WriteProgress("help lists the commands, exit leaves; a sentence in quotes is run as a request.");
        }

        var last = ExitCodes.Success;
        var lines = new LineReader(context.Console, Prompt);
        context.Interruption.Idle = () =>
        {
            context.Console.Error.WriteLine();
            lines.ShowPrompt();
        };
        context.Interruption.Rest();
        while (await lines.ReadAsync(CancellationToken.None) is { } line)
        {
            var action = ShellLine.Read(line, tree.CommandNames);
            if (action.Kind == ShellLineKind.Exit)
            {
                break;
            }

            last = action.Kind == ShellLineKind.Nothing ? last : await RunLineAsync(action, lines);
            if (context.Interruption.MustEnd)
            {
                return context.Interruption.ExitCode;
            }
        }

        // What stops the session may be interrupted again.
        context.Interruption.Begin();
        await context.ReleaseAsync();
        return context.Console.InIsTerminal ? ExitCodes.Success : last;
    }

    private async Task<int> RunLineAsync(ShellLine line, LineReader lines)
    {
        var does = false;
        if (line.Kind == ShellLineKind.NoCommand)
        {
            does = context.Console.InIsTerminal && await AgreesToDoAsync(line, lines);
            if (!does && !await AgreesToRunAsync(line, lines))
            {
                return ExitCodes.Usage;
            }
        }

        if (line.Kind == ShellLineKind.Request)
        {
            context.Console.WriteProgress($"run \"{SafeText.FirstLine(line.Text, 60)}\"");
        }

        IReadOnlyList<string> words;
        try
        {
            words = line.Kind is ShellLineKind.Request or ShellLineKind.NoCommand
                ? [does ? "do" : "run", "--", line.Text]
                : LineWords.Split(line.Text);
        }
        catch (UsageException open)
        {
            context.Console.WriteError(open.Message);
            return ExitCodes.Usage;
        }

        var token = context.Interruption.Begin();
        try
        {
            return await invoke(tree.Parse(words), token);
        }
        finally
        {
            context.Interruption.Rest();
        }
    }

    /// <summary>Shows which system calls a sentence is taken for, and asks whether to make them.</summary>
    private async Task<bool> AgreesToDoAsync(ShellLine line, LineReader lines)
    {
        var token = context.Interruption.Begin();
        try
        {
            var reply = await context.ParseAsync(line.Text, null, null, token);
            if (reply.Calls.IsEmpty)
            {
                return false;
            }

            context.Console.WriteProgress(string.Join('\n', reply.Calls.Select(call => $"  {SafeText.FirstLine(call.ToString(), 200)}")));
        }
        catch (Exception exception) when (exception is LlmosException or UsageException or OperationCanceledException)
        {
            context.Console.WriteError(exception.Message);
            return false;
        }
        finally
        {
            context.Interruption.Rest();
        }

        await context.Console.Error.WriteAsync("Make it so? [y/N] ");
        return (await lines.ReadAnswerAsync())?.Trim() is "y" or "Y" or "yes";
    }

    private async Task<bool> AgreesToRunAsync(ShellLine line, LineReader lines)
    {
        var word = SafeText.FirstLine(line.Text.Split(' ')[0], 30);
        if (!context.Console.InIsTerminal)
        {
            context.Console.WriteError($"'{word}' is no command: help lists them; a request in quotes is run.");
            return false;
        }

        await context.Console.Error.WriteAsync($"'{word}' is no command. Run the line as a request? [y/N] ");
        var answer = await lines.ReadAnswerAsync();
        return answer?.Trim() is "y" or "Y" or "yes";
    }
}

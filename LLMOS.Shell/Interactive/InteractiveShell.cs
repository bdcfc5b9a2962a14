using System.CommandLine;
using LLMOS.Client;
using LLMOS.Shell.Commands;
using LLMOS.Shell.Completion;
using LLMOS.Shell.Interactive.Editing;
using LLMOS.Shell.Output;
using LLMOS.Shell.Sessions;
using LLMOS.SystemInterface.Syscalls;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Shell.Interactive;

/// <summary>
/// The shell without a command: one session, and lines that are commands for it. Of a line that is no command system calls
/// are made (nlsh), or it is offered to <c>run</c>. Ctrl-C stops what runs and not the shell; the end of the input leaves it.
/// </summary>
internal sealed class InteractiveShell(
    ShellContext context, CommandTree tree, Func<ParseResult, CancellationToken, Task<int>> invoke)
{
    /// <summary>The file in the data folder that has what was entered.</summary>
    private const string HistoryName = "history";

    public async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var needs = new SessionOptions { Model = parse.GetValue(tree.Model), ShowBoot = true, LoadModel = true };
        SessionLease? lease = await context.OpenAsync(parse, needs, cancellationToken);
        try
        {
            context.Interactive = lease.Session;
            Greet(parse, lease.Session);
            context.DryRun = parse.GetValue(tree.DryRun);
            context.Yes = parse.GetValue(tree.Yes);
            var lines = Lines(parse, lease.Session);
            context.Interruption.Idle = lines.Interrupt;
            context.Interruption.Rest();
            var last = ExitCodes.Success;
            while (await lines.ReadAsync(CancellationToken.None) is { } line)
            {
                var action = ShellLine.Read(line, tree.CommandNames);
                if (action.Kind == ShellLineKind.Exit)
                {
                    break;
                }

                if (HasEnded(lease.Session))
                {
                    var ended = lease;
                    lease = null;
                    lease = await ReopenAsync(parse, needs, ended);
                }

                last = action.Kind == ShellLineKind.Nothing ? last : await RunLineAsync(action, lines);
                lines.Prompt = PromptOf(context.Directory.Path);
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
        finally
        {
            if (lease is not null)
            {
                await lease.DisposeAsync();
            }
        }
    }

    private void Greet(ParseResult parse, Session session)
    {
        var quiet = parse.GetValue(context.Global.Quiet) || !context.Console.InIsTerminal;
        if (!quiet && session.ModelNote is { } note)
        {
            context.Console.WriteProgress(note);
        }

        if (!quiet)
        {
            context.Console.WriteProgress("help lists the commands, exit leaves; any other sentence is done, in quotes it is run as a request. Tab completes, Ctrl-R searches what was entered.");
        }
    }

    private LineReader Lines(ParseResult parse, Session session)
    {
        var completer = new ShellCompleter(tree, () => context.Interactive?.Client, new SessionOptions { Data = parse.GetValue(context.Global.Data) }, context.Directory);
        return new LineReader(
            context,
            PromptOf(VfsPath.Root),
            new LineHistory(Path.Combine(session.DataFolder, HistoryName)),
            new ShellLineCompleter(completer),
            text => (text.TrimStart().StartsWith('"') || ShellLine.Read(text, tree.CommandNames).Kind is ShellLineKind.Command) && LineWords.Scan(text).OpenQuote != '\0');
    }

    private static string PromptOf(string directory) => directory == VfsPath.Root ? "llmos> " : $"llmos {SafeText.Line(directory)}> ";

    /// <summary>Whether a silo that was joined is gone, as it is when the terminal that it belongs to was left.</summary>
    private static bool HasEnded(Session session) => session is RemoteSession { Address: null } && SiloEndpointFile.Find(session.DataFolder) is null;

    private async Task<SessionLease> ReopenAsync(ParseResult parse, SessionOptions needs, SessionLease ended)
    {
        context.Console.WriteProgress("The silo that this shell had joined has stopped; it goes on with another one.");
        var token = context.Interruption.Begin();
        try
        {
            context.Interactive = null;
            await ended.DisposeAsync();
            var lease = await context.OpenAsync(parse, needs, token);
            context.Interactive = lease.Session;
            return lease;
        }
        finally
        {
            context.Interruption.Rest();
        }
    }

    private async Task<int> RunLineAsync(ShellLine line, LineReader lines)
    {
        switch (line.Kind)
        {
            case ShellLineKind.NoCommand:
                return await SayAsync(line, lines);
            case ShellLineKind.Request:
                context.Console.WriteProgress($"run \"{SafeText.FirstLine(line.Text, 60)}\"");
                return await InvokeAsync(["run", "--", line.Text]);
            default:
                IReadOnlyList<string> words;
                try
                {
                    words = LineWords.Split(line.Text);
                }
                catch (UsageException open)
                {
                    context.Console.WriteError(open.Message);
                    return ExitCodes.Usage;
                }

                return IsSentence(words) ? await SayAsync(line, lines) : await InvokeAsync(words);
        }
    }

    /// <summary>
    /// Whether a line that begins with a command is a sentence all the same, as "write hello into /notes" is: it has more words than the command takes, and no option. So is what
    /// begins with "find" and goes on with a word that is no path.
    /// </summary>
    private bool IsSentence(IReadOnlyList<string> words) =>
        context.Console.InIsTerminal && !words.Any(word => word.StartsWith('-')) && tree.Parse(words) is var parse
        && (parse.UnmatchedTokens.Count > 0 || (words[0] == "find" && parse.Errors.Count > 0));

    private async Task<int> InvokeAsync(IReadOnlyList<string> words)
    {
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

    /// <summary>A line that is no command: the system calls that it asks for are made, or it is offered to <c>run</c>.</summary>
    private async Task<int> SayAsync(ShellLine line, LineReader lines)
    {
        if (!context.Console.InIsTerminal && !context.DryRun && !context.Yes)
        {
            var word = SafeText.FirstLine(line.Text.Split([' ', '\n'])[0], 30);
            context.Console.WriteError($"'{word}' is no command: help lists them; a request in quotes is run.");
            return ExitCodes.Usage;
        }

        var (reply, code) = await PlanAsync(line.Text);
        if (reply is null)
        {
            return code;
        }

        if (!reply.Calls.IsEmpty)
        {
            context.KeepPlan(line.Text, reply);
            return await InvokeAsync(["do", "--", line.Text]);
        }

        if (reply.Answer is { Length: > 0 } answer)
        {
            context.Console.WriteProgress(answer);
        }

        if (context.DryRun || !context.Console.InIsTerminal)
        {
            return ExitCodes.Failure;
        }

        return await AgreesAsync(lines, "The line is no command. Run it as a request?") ? await InvokeAsync(["run", "--", line.Text]) : ExitCodes.Usage;
    }

    /// <summary>What the model takes a sentence for; null when it failed or was interrupted.</summary>
    private async Task<(SyscallReply? Reply, int Code)> PlanAsync(string sentence)
    {
        var token = context.Interruption.Begin();
        try
        {
            return (await context.ParseAsync(sentence, null, null, token), ExitCodes.Success);
        }
        catch (Exception failed) when (failed is LlmosException or UsageException)
        {
            context.Console.WriteError(failed.Message);
            return (null, ExitCodes.Failure);
        }
        catch (OperationCanceledException)
        {
            return (null, ExitCodes.Interrupted);
        }
        finally
        {
            context.Interruption.Rest();
        }
    }

    private async Task<bool> AgreesAsync(LineReader lines, string question)
    {
        var token = context.Interruption.Begin();
        try
        {
            return await lines.ConfirmAsync(question, token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        finally
        {
            context.Interruption.Rest();
        }
    }
}

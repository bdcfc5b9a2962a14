using System.CommandLine;
using System.Diagnostics;
using System.Reflection;
using LLMOS.Shell.Commands;
using LLMOS.Shell.Interactive;
using LLMOS.Shell.Output;

namespace LLMOS.Shell;

/// <summary>Runs one command line, and decides what its end is: an exit code, and one sentence for an error.</summary>
internal sealed class ShellApplication
{
    private readonly ShellContext _context;
    private readonly CommandTree _tree;

    public ShellApplication(ShellConsole console, Interruption interruption, Stopwatch sinceStart)
    {
        _context = new ShellContext(console, interruption, sinceStart);
        _tree = new CommandTree(_context, InteractiveAsync);
    }

    /// <returns>The exit code.</returns>
    public Task<int> RunAsync(IReadOnlyList<string> words, CancellationToken cancellationToken)
    {
        var parse = _tree.Parse(words);
        return InvokeAsync(parse, cancellationToken);
    }

    private async Task<int> InvokeAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var console = _context.Console;
        if (!CommandTree.IsHelp(parse))
        {
            if (CommandTree.ErrorOf(parse) is { } wrong)
            {
                console.WriteError(wrong);
                return ExitCodes.Usage;
            }

            if (parse.GetValue(_tree.Version))
            {
                await console.Out.WriteLineAsync($"llmos {Version}");
                return ExitCodes.Success;
            }
        }

        try
        {
            var configuration = new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
                Output = console.Out,
                Error = console.Error,
            };
            return await parse.InvokeAsync(configuration, cancellationToken);
        }
        catch (Exception exception)
        {
            return Explain(exception, cancellationToken);
        }
    }

    private int Explain(Exception exception, CancellationToken cancellationToken)
    {
        var console = _context.Console;
        if (cancellationToken.IsCancellationRequested && Failure.IsConsequenceOfCancellation(exception))
        {
            return _context.Interruption.ExitCode;
        }

        if (Failure.SentenceOf(exception) is { } sentence)
        {
            console.WriteError(sentence);
            return Failure.Find<UsageException>(exception) is not null ? ExitCodes.Usage
                : Failure.Find<LlmosException>(exception) is { Code: LlmosErrorCode.DeadlineExceeded } ? ExitCodes.TimedOut
                : ExitCodes.Failure;
        }

        var details = FailureLog.Write(_context.DataFolder, exception);
        console.WriteError($"Something failed that should not: {exception.Message.ReplaceLineEndings(" ").TrimEnd('.')}; the details are in {details}.");
        return ExitCodes.Failure;
    }

    private Task<int> InteractiveAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        if (_context.Interactive is not null)
        {
            // A line with options alone.
            throw new UsageException("These options are fixed while this shell runs; help lists the commands.");
        }

        return new InteractiveShell(_context, _tree, InvokeAsync).RunAsync(parse, cancellationToken);
    }

    /// <summary>The version of the program.</summary>
    public static string Version { get; } =
        typeof(ShellApplication).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}

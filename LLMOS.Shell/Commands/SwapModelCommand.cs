using System.CommandLine;
using LLMOS.Shell.Sessions;

namespace LLMOS.Shell.Commands;

/// <summary><c>swapmodel</c>: gives a process another model; writes the model's own name.</summary>
internal sealed class SwapModelCommand : ShellCommand
{
    private readonly Argument<string> _process = ProcessArgument.Create();
    private readonly Argument<string> _model = new("MODEL") { Description = "A name that 'llmos models' lists, or the path of a GGUF file" };

    public SwapModelCommand(ShellContext context)
        : base("swapmodel", "Give a process another model: it finishes its turn on the one it has and keeps its context", context)
    {
        Aliases.Add("swap");
        Add(_process);
        Add(_model);
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        await using var lease = await Context.OpenAsync(parse, new SessionOptions { Works = false }, cancellationToken);
        var pid = await lease.Client.ResolveAsync(parse.GetRequiredValue(_process), "swapModel");
        var process = await lease.Client.SwapModelAsync(pid, lease.Session.ModelOf(parse.GetRequiredValue(_model))).WaitAsync(cancellationToken);
        await Context.Console.Out.WriteLineAsync(process.Model);
        return ExitCodes.Success;
    }
}

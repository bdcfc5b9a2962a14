using System.CommandLine;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Resources;
using LLMOS.Kernel.Scheduling;
using LLMOS.Shell.Output;
using LLMOS.Shell.Sessions;

namespace LLMOS.Shell.Commands;

/// <summary><c>spawn</c>: makes a process and writes its PID.</summary>
internal sealed class SpawnCommand : ShellCommand
{
    private readonly Argument<string> _name = new("NAME") { Description = "Its name: 1 to 64 letters, digits, '-', '_' and '.'" };

    private readonly Argument<string?> _role = new("ROLE")
    {
        Description = "What it is for: its system prompt",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<ProcessPriority?> _priority = PriorityArgument.CreateOption();
    private readonly Option<long?> _budget = new("--budget", "-b") { Description = "Tokens it may use in a minute (default 10000)", HelpName = "TOKENS" };
    private readonly Option<bool> _hardCap = new("--hard-cap") { Description = "End it when the budget is used up, instead of letting it wait" };
    private readonly Option<bool> _mailbox = new("--mailbox") { Description = "Make it a mailbox that does not think: receive takes its messages" };
    private readonly Option<int?> _turn = new("--turn") { Description = "Most tokens it generates in one turn (default 512)", HelpName = "TOKENS" };
    private readonly Option<ulong?> _seed = new("--seed") { Description = "The seed of its turns (default: a random one)", HelpName = "N" };
    private readonly Option<string?> _model = GlobalOptions.Model();
    private readonly Option<AdapterSelection[]> _adapters = AdapterOption.Create();

    public SpawnCommand(ShellContext context)
        : base("spawn", "Make a process; writes its PID", context)
    {
        Add(_name);
        Add(_role);
        Add(_priority);
        Add(_budget);
        Add(_hardCap);
        Add(_mailbox);
        Add(_turn);
        Add(_seed);
        Add(_model);
        Add(_adapters);
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        await using var lease = await Context.OpenAsync(parse, new SessionOptions { Works = false }, cancellationToken);
        var spec = new ProcessSpec
        {
            Name = parse.GetRequiredValue(_name),
            Role = parse.GetValue(_role) ?? "",
            Program = parse.GetValue(_mailbox) ? ProcessPrograms.Mailbox : ProcessPrograms.Agent,
            HardCap = parse.GetValue(_hardCap),
            Seed = parse.GetValue(_seed) ?? 0,
            Model = lease.Session.ModelOf(parse.GetValue(_model)),
            Adapters = [.. parse.GetValue(_adapters) ?? []],
        };
        spec = spec with
        {
            Priority = parse.GetValue(_priority) ?? spec.Priority,
            Budget = parse.GetValue(_budget) ?? spec.Budget,
            MaxTokensPerTurn = parse.GetValue(_turn) ?? spec.MaxTokensPerTurn,
        };
        var process = await lease.Client.SpawnAsync(spec).WaitAsync(cancellationToken);
        await Context.Console.Out.WriteLineAsync(Figures.Count(process.Pid));
        return ExitCodes.Success;
    }
}

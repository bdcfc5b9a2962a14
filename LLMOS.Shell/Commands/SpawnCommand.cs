using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;
using LLMOS.Client;
using LLMOS.Kernel.Memory.Paging;
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
    private readonly Option<string?> _template = new("--template") { Description = "The template that it is made of, a file in /apps/templates of VectorFS; what else is said goes before", HelpName = "NAME" };
    private readonly Option<bool> _acts = new("--acts") { Description = "Let it make the system calls that it is asked for, with its own rights" };
    private readonly Option<int?> _turn = new("--turn") { Description = "Most tokens it generates in one turn (default 512)", HelpName = "TOKENS" };
    private readonly Option<string?> _account = new("--account") { Description = "The account of a user or group it spends from, such as alice/web", HelpName = "ACCOUNT" };
    private readonly Option<long?> _reserve = new("--reserve") { Description = "Tokens of each slice of its account that are set aside for it", HelpName = "TOKENS" };
    private readonly Option<string?> _parent = new("--parent") { Description = "The process it is a child of, whose budget it spends from too", HelpName = "PID|NAME" };
    private readonly Option<string?> _after = new("--after") { Description = "Processes that must have ended before it starts, with commas between them", HelpName = "PID|NAME,…" };

    private readonly Option<DependencyPolicy> _afterPolicy = new("--after-policy")
    {
        Description = "When one of those fails: fail too, ignore it, or wait for a resume (default fail)",
        HelpName = "fail|ignore|wait",
        CustomParser = result => Named<DependencyPolicy>(result, "dependency policy", "fail, ignore or wait"),
    };

    private readonly Option<RestartPolicy> _restart = new("--restart")
    {
        Description = "When it begins anew instead of ending: never, on-failure or always (default never)",
        HelpName = "never|on-failure|always",
        CustomParser = result => Named<RestartPolicy>(result, "restart policy", "never, on-failure or always"),
    };

    private readonly Option<ProcessDurability> _durability = new("--durability")
    {
        Description = "What a crash leaves of a turn: its message, or every token that was shown (turn or token, default turn)",
        HelpName = "turn|token",
        CustomParser = result => Named<ProcessDurability>(result, "durability", "turn or token"),
    };

    private readonly Option<PagingPolicy> _paging = new("--paging")
    {
        Description = "What stays in its window of a context that does not fit: attention, lru or pinned-first (default attention)",
        HelpName = "attention|lru|pinned-first",
        CustomParser = result => Named<PagingPolicy>(result, "paging policy", "attention, lru or pinned-first"),
    };

    private readonly Option<int?> _maxRestarts = new("--max-restarts") { Description = "Failures in a row after which it ends all the same (default 5)", HelpName = "N" };
    private readonly Option<long?> _maxTurns = new("--max-turns") { Description = "Turns after which it ends", HelpName = "N" };
    private readonly Option<long?> _maxTokens = new("--max-tokens") { Description = "Tokens it may spend in its whole life", HelpName = "TOKENS" };
    private readonly Option<double?> _maxTime = new("--max-time")
    {
        Description = "Seconds after which it ends",
        HelpName = "SECONDS",
        Validators =
        {
            result =>
            {
                if (OptionNumber.Of<double>(result) is { } seconds && !double.IsFinite(seconds))
                {
                    result.AddError($"--max-time is {result.Tokens[0].Value}: use a number of seconds.");
                }
            },
        },
    };

    private readonly Option<ulong?> _seed = new("--seed") { Description = "The seed of its turns (default: a random one)", HelpName = "N" };
    private readonly Option<bool> _inherit = new("--inherit-context") { Description = "Begin with what its parent was told and has said" };
    private readonly Option<string?> _model = GlobalOptions.Model();
    private readonly Option<AdapterSelection[]> _adapters = AdapterOption.Create();
    private readonly ConfinementOptions _confinement = new();

    public SpawnCommand(ShellContext context)
        : base("spawn", "Make a process; writes its PID", context)
    {
        Validators.Add(result =>
        {
            if (result.GetValue(_mailbox) && result.GetValue(_acts))
            {
                result.AddError("--mailbox and --acts contradict each other: a mailbox does not think; leave one of them out.");
            }
        });
        Add(_name);
        Add(_role);
        Add(_priority);
        Add(_budget);
        Add(_hardCap);
        Add(_mailbox);
        Add(_acts);
        Add(_template);
        Add(_turn);
        Add(_parent);
        Add(_account);
        Add(_reserve);
        Add(_after);
        Add(_restart);
        Add(_maxRestarts);
        Add(_maxTurns);
        Add(_maxTokens);
        Add(_maxTime);
        Add(_afterPolicy);
        Add(_durability);
        Add(_paging);
        Add(_seed);
        Add(_inherit);
        Add(_model);
        Add(_adapters);
        _confinement.AddTo(this);
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        await using var lease = await Context.OpenAsync(parse, new SessionOptions { Works = false }, cancellationToken);
        var given = parse.GetValue(_template) is { } template
            ? await lease.Client.GetTemplateAsync(template).WaitAsync(cancellationToken)
            : new ProcessSpec { Name = "" };
        var spec = given with
        {
            Name = parse.GetRequiredValue(_name),
            Role = parse.GetValue(_role) ?? given.Role,
            Program = parse.GetValue(_mailbox) ? ProcessPrograms.Mailbox : parse.GetValue(_acts) ? ProcessPrograms.Actor : given.Program,
            ParentPid = parse.GetValue(_parent) is { Length: > 0 } parent
                ? await lease.Client.ResolveAsync(parent).WaitAsync(cancellationToken)
                : WellKnownPids.Init,
            InheritContext = parse.GetValue(_inherit),
            HardCap = parse.GetValue(_hardCap) || given.HardCap,
            Seed = parse.GetValue(_seed) ?? 0,
            Account = parse.GetValue(_account) ?? "",
            ReservedTokens = parse.GetValue(_reserve) ?? 0,
            After = await ResolveAsync(lease.Client, parse.GetValue(_after)),
            AfterPolicy = parse.GetValue(_afterPolicy),
            Restart = parse.GetResult(_restart) is null ? given.Restart : parse.GetValue(_restart),
            Durability = parse.GetValue(_durability),
            Paging = parse.GetResult(_paging) is null ? given.Paging : parse.GetValue(_paging),
            MaxTurns = parse.GetValue(_maxTurns) ?? given.MaxTurns,
            MaxTokens = parse.GetValue(_maxTokens) ?? given.MaxTokens,
            MaxLifetime = parse.GetValue(_maxTime) is { } seconds ? TimeSpan.FromSeconds(Math.Clamp(seconds, -1, 1e9)) : given.MaxLifetime,
            Model = parse.GetValue(_model) is null && given.Model.Length > 0 ? given.Model : lease.Session.ModelOf(parse.GetValue(_model)),
            Adapters = [.. parse.GetValue(_adapters) ?? []],
            Priority = parse.GetValue(_priority) ?? given.Priority,
            Budget = parse.GetValue(_budget) ?? given.Budget,
            MaxRestarts = parse.GetValue(_maxRestarts) ?? given.MaxRestarts,
            MaxTokensPerTurn = parse.GetValue(_turn) ?? given.MaxTokensPerTurn,
        };
        var process = await lease.Client.SpawnAsync(_confinement.Apply(parse, spec)).WaitAsync(cancellationToken);
        await Context.Console.Out.WriteLineAsync(Figures.Count(process.Pid));
        return ExitCodes.Success;
    }

    private static T Named<T>(ArgumentResult result, string what, string names)
        where T : struct, Enum
    {
        var text = result.Tokens[0].Value;
        if (Enum.TryParse<T>(text.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var value) && char.IsAsciiLetter(text[0]) && Enum.IsDefined(value))
        {
            return value;
        }

        result.AddError($"'{text}' is no {what}: use {names}.");
        return default;
    }

    private static async Task<ImmutableArray<long>> ResolveAsync(LlmosClient client, string? list)
    {
        var pids = ImmutableArray.CreateBuilder<long>();
        foreach (var named in list?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [])
        {
            pids.Add(await client.ResolveAsync(named));
        }

        return pids.ToImmutable();
    }
}

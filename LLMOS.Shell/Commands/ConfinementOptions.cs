using System.Collections.Immutable;
using System.CommandLine;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Security;

namespace LLMOS.Shell.Commands;

/// <summary>The options of <c>spawn</c> that say what a process may do and what it is confined to.</summary>
internal sealed class ConfinementOptions
{
    // A list of tools that has none in it.
    private const string NoTools = "none";

    private readonly Option<string?> _permissions = new("--permissions")
    {
        Description = "What it may do, with commas between: READ_CONTEXT, WRITE_CONTEXT, EXECUTE_TOOL, SPAWN_AGENT, BROADCAST, SUDO",
        HelpName = "NAME,…",
        Validators =
        {
            result =>
            {
                try
                {
                    _ = result.Tokens is [var token] ? PermissionsIn(token.Value) : Permissions.None;
                }
                catch (LlmosException wrong)
                {
                    result.AddError(wrong.Message);
                }
            },
        },
    };

    private readonly Option<bool> _isolated = new("--isolated") { Description = "Give it no part in the memory of others, and others none in its own" };
    private readonly Option<bool> _noNetwork = new("--no-network") { Description = "Keep its tools off the network" };
    private readonly Option<string?> _tools = new("--tools") { Description = "The only tools it may run, with commas between, or none", HelpName = "NAME,…" };
    private readonly Option<long?> _context = new("--max-context") { Description = "Tokens that a region may hold for it to append to", HelpName = "TOKENS" };
    private readonly Option<double?> _turnTime = OptionNumber.Seconds("--max-turn-time", "Seconds that a turn may take; it ends with one that takes longer");
    private readonly Option<double?> _gpu = new("--gpu") { Description = "Device slots it asks for, which count against the quotas of its accounts; 0.5 is half of one", HelpName = "SLOTS" };
    private readonly Option<int?> _messages = new("--max-messages") { Description = "Messages that may wait in its mailbox", HelpName = "N" };

    public void AddTo(Command command)
    {
        command.Add(_permissions);
        command.Add(_isolated);
        command.Add(_noNetwork);
        command.Add(_tools);
        command.Add(_context);
        command.Add(_turnTime);
        command.Add(_gpu);
        command.Add(_messages);
    }

    /// <summary>The spec with what was said; what was not said stays.</summary>
    public ProcessSpec Apply(ParseResult parse, ProcessSpec spec) => spec with
    {
        Permissions = parse.GetValue(_permissions) is { } names ? PermissionsIn(names) : spec.Permissions,
        Sandbox = IsSaid(parse) ? SandboxOf(parse, spec.Sandbox ?? new SandboxProfile { AllowsNetwork = true }) : spec.Sandbox,
        GpuUnits = parse.GetValue(_gpu) ?? spec.GpuUnits,
        MaxMessages = parse.GetValue(_messages) ?? spec.MaxMessages,
    };

    private bool IsSaid(ParseResult parse) => parse.GetValue(_isolated) || parse.GetValue(_noNetwork)
        || parse.GetValue(_tools) is not null || parse.GetValue(_context) is not null || parse.GetValue(_turnTime) is not null;

    private SandboxProfile SandboxOf(ParseResult parse, SandboxProfile given) => given with
    {
        IsolatedContext = parse.GetValue(_isolated) || given.IsolatedContext,
        AllowsNetwork = !parse.GetValue(_noNetwork) && given.AllowsNetwork,
        Tools = parse.GetValue(_tools) is { } tools ? ToolsIn(tools) : given.Tools,
        MaxContextTokens = parse.GetValue(_context) ?? given.MaxContextTokens,
        MaxTurnTime = OptionNumber.SecondsOf(parse, _turnTime) ?? given.MaxTurnTime,
    };

    private static ImmutableArray<string> ToolsIn(string list) => list == NoTools ? [] : [.. Words(list)];

    private static Permissions PermissionsIn(string list) =>
        Words(list).Aggregate(Permissions.None, (all, name) => all | PermissionNames.Parse(name));

    private static string[] Words(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

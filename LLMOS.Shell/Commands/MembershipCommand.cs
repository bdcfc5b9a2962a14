using System.CommandLine;
using LLMOS.Client;
using LLMOS.Shell.Sessions;

namespace LLMOS.Shell.Commands;

/// <summary><c>join</c> and <c>leave</c>: who hears what is sent to a group.</summary>
internal sealed class MembershipCommand : ShellCommand
{
    private readonly Argument<string> _group = new("GROUP") { Description = "The group: letters, digits, '-', '_' and '.'" };
    private readonly Argument<string[]> _processes = ProcessArgument.CreateMany();
    private readonly Func<LlmosClient, string, long, Task<bool>> _change;
    private readonly (string Done, string NotDone) _words;

    private MembershipCommand(
        string name, string description, (string Done, string NotDone) words, Func<LlmosClient, string, long, Task<bool>> change, ShellContext context)
        : base(name, description, context)
    {
        _words = words;
        _change = change;
        Add(_group);
        Add(_processes);
    }

    public static MembershipCommand Join(ShellContext context) => new(
        "join", "Let processes hear what is sent to a group", ("joined", "was in"), (client, group, pid) => client.JoinGroupAsync(group, pid), context);

    public static MembershipCommand Leave(ShellContext context) => new(
        "leave", "Take processes out of a group", ("left", "was not in"), (client, group, pid) => client.LeaveGroupAsync(group, pid), context);

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var group = parse.GetRequiredValue(_group).TrimStart('@');
        if (group.Length == 0)
        {
            throw new UsageException("The group has no name: give it one of letters, digits, '-', '_' and '.'.");
        }

        await using var lease = await Context.OpenAsync(parse, new SessionOptions { Works = false }, cancellationToken);
        foreach (var named in parse.GetRequiredValue(_processes))
        {
            var process = await lease.Client.GetProcessAsync(await lease.Client.ResolveAsync(named, Name));
            var changed = await _change(lease.Client, group, process.Pid).WaitAsync(cancellationToken);
            if (!parse.GetValue(Context.Global.Quiet))
            {
                Context.Console.WriteProgress($"{process.Name} (PID {process.Pid}) {(changed ? _words.Done : _words.NotDone)} {group}");
            }
        }

        return ExitCodes.Success;
    }
}

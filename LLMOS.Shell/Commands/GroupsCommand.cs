using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using LLMOS.Client;
using LLMOS.Shell.Output;
using LLMOS.Shell.Sessions;

namespace LLMOS.Shell.Commands;

/// <summary><c>groups</c>: lists the multicast groups and who is in them.</summary>
internal sealed class GroupsCommand : ShellCommand
{
    private readonly Argument<string?> _name = new("GROUP")
    {
        Description = "Only this group",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<OutputFormat> _format = GlobalOptions.Format();

    public GroupsCommand(ShellContext context)
        : base("groups", "List the groups and their members; join and leave change them, send @GROUP speaks to one", context)
    {
        Add(_name);
        Add(_format);
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        await using var lease = await Context.OpenAsync(parse, new SessionOptions { Works = false }, cancellationToken);
        var named = parse.GetValue(_name);
        var groups = new List<GroupRow>();
        foreach (var name in named is null ? await lease.Client.ListGroupsAsync() : ImmutableArray.Create(named.TrimStart('@')))
        {
            groups.Add(new GroupRow(name, await lease.Client.ListMembersAsync(name)));
        }

        if (named is not null && groups[0].Members.Count == 0)
        {
            throw LlmosException.NotFound($"There is no group '{groups[0].Name}': llmos groups lists those there are, llmos join makes one.");
        }

        if (parse.GetValue(_format) != OutputFormat.Table)
        {
            await Context.Console.Out.WriteLineAsync(Structured.Write(parse.GetValue(_format), groups, JsonRows.Readable.ListGroupRow));
            return ExitCodes.Success;
        }

        var table = new TextTable().Column("GROUP").Column("MEMBERS");
        foreach (var group in groups)
        {
            table.Row(group.Name, string.Join(" ", await Task.WhenAll(group.Members.Select(pid => LabelAsync(lease.Client, pid)))));
        }

        table.WriteTo(Context.Console);
        return ExitCodes.Success;
    }

    private static async Task<string> LabelAsync(LlmosClient client, long pid)
    {
        var process = await client.GetProcessAsync(pid);
        return string.Create(CultureInfo.InvariantCulture, $"{process.Name}({pid})");
    }
}

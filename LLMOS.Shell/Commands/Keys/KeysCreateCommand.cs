using System.CommandLine;
using LLMOS.Kernel.Scheduling;
using LLMOS.Kernel.Security;
using LLMOS.Shell.Output;
using LLMOS.Shell.Sessions;

namespace LLMOS.Shell.Commands.Keys;

/// <summary><c>keys create</c>: makes a key and writes its secret, this once.</summary>
internal sealed class KeysCreateCommand : ShellCommand
{
    private readonly Argument<string> _principal = new("PRINCIPAL") { Description = "Who makes the calls that come with it, such as alice" };

    private readonly Option<CallerRole> _role = new("--role")
    {
        Description = "guest, user, operator or admin (default user)",
        HelpName = "ROLE",
        DefaultValueFactory = _ => CallerRole.User,
        CustomParser = result =>
        {
            try
            {
                return CallerRoles.Parse(result.Tokens[0].Value);
            }
            catch (LlmosException wrong)
            {
                result.AddError(wrong.Message);
                return default;
            }
        },
    };

    private readonly Option<int?> _rate = new("--rate") { Description = "Requests a minute (default: no limit)", HelpName = "N" };
    private readonly Option<string?> _priority = new("--priority") { Description = "How urgent its requests are at most: 0 (highest) to 19, or a class (default NORMAL)", HelpName = "PRIORITY" };
    private readonly Option<string?> _account = new("--account") { Description = "The account that its processes spend from, such as alice/web", HelpName = "ACCOUNT" };
    private readonly Option<string?> _process = new("--as") { Description = "The process in whose place its calls are made over MCP, by PID or name (default: the principal's own)", HelpName = "PROCESS" };
    private readonly Option<OutputFormat> _format = GlobalOptions.Format();

    public KeysCreateCommand(ShellContext context)
        : base("create", "Make a key; its secret is shown this once", context)
    {
        Add(_principal);
        Add(_role);
        Add(_rate);
        Add(_priority);
        Add(_account);
        Add(_process);
        Add(_format);
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        await using var lease = await Context.OpenAsync(parse, new SessionOptions { Works = false }, cancellationToken);
        var made = await lease.Client.Keys.CreateAsync(new ApiKey
        {
            Id = "",
            Principal = parse.GetRequiredValue(_principal),
            Role = parse.GetValue(_role),
            RequestsPerMinute = parse.GetValue(_rate),
            Priority = parse.GetValue(_priority) is { } said ? ProcessPriority.Parse(said) : ProcessPriority.Default,
            Account = parse.GetValue(_account) ?? "",
            Pid = parse.GetValue(_process) is { } named ? await lease.Client.ResolveAsync(named) : null,
        }).WaitAsync(cancellationToken);
        if (parse.GetValue(_format) != OutputFormat.Table)
        {
            await Context.Console.Out.WriteLineAsync(Structured.Write(parse.GetValue(_format), [KeyRow.Of(made.Key, made.Secret)], JsonRows.Readable.ListKeyRow));
            return ExitCodes.Success;
        }

        await Context.Console.Out.WriteLineAsync(made.Secret);
        await Context.Console.Error.WriteLineAsync($"The key {made.Key.Id} is {made.Key.Principal}'s. This is the only time that its secret is shown.");
        return ExitCodes.Success;
    }
}

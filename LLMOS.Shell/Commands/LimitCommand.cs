using System.CommandLine;
using System.Globalization;
using LLMOS.Client;
using LLMOS.Kernel.Resources;
using LLMOS.Shell.Output;
using LLMOS.Shell.Sessions;

namespace LLMOS.Shell.Commands;

/// <summary><c>limit</c>: shows the limits of a process or an account and what is used of them, or sets one.</summary>
internal sealed class LimitCommand : ShellCommand
{
    private readonly Argument<string> _target = new("PID")
    {
        Description = "The process, a PID or a name; or an account of a user or group with an '@' before it, such as @alice/web",
        HelpName = "PID|NAME|@ACCOUNT",
    };

    private readonly Argument<string?> _limit = new("LIMIT")
    {
        Description = "What is limited: tokens (a slice), slice (seconds), hardcap (0 or 1), requests and rate (a minute), processes, context (tokens), gpu, messages (in the mailbox)",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Argument<double?> _value = new("VALUE")
    {
        Description = "The limit; 0 for none",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public LimitCommand(ShellContext context)
        : base("limit", "Show the limits of a process or an account and what is used of them, or set one", context)
    {
        Add(_target);
        Add(_limit);
        Add(_value);
        Validators.Add(result =>
        {
            if (result.GetResult(_limit) is { Tokens: [var name, ..] })
            {
                if (!Enum.TryParse<ResourceLimit>(name.Value, ignoreCase: true, out var limit) || !Enum.IsDefined(limit) || char.IsAsciiDigit(name.Value[0]))
                {
                    result.AddError($"'{name.Value}' is no limit: use {string.Join(", ", Enum.GetNames<ResourceLimit>().Select(known => known.ToLowerInvariant()))}.");
                }
                else if (result.GetResult(_value) is null or { Tokens: [] })
                {
                    result.AddError($"limit {name.Value} wants a value: a number, 0 for no limit.");
                }
            }
        });
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        await using var lease = await Context.OpenAsync(parse, new SessionOptions { Works = false }, cancellationToken);
        var target = parse.GetRequiredValue(_target);
        var statement = target.StartsWith('@')
            ? await OfAccountAsync(parse, lease.Client, target[1..]).WaitAsync(cancellationToken)
            : await OfProcessAsync(parse, lease.Client, target).WaitAsync(cancellationToken);
        Write(statement);
        return ExitCodes.Success;
    }

    private Task<AccountStatement> OfAccountAsync(ParseResult parse, LlmosClient client, string account) => parse.GetValue(_limit) is { } limit
        ? client.SetAccountLimitAsync(account, Enum.Parse<ResourceLimit>(limit, ignoreCase: true), parse.GetValue(_value)!.Value)
        : client.GetAccountAsync(account);

    private async Task<AccountStatement> OfProcessAsync(ParseResult parse, LlmosClient client, string named)
    {
        var pid = await client.ResolveAsync(named, parse.GetValue(_limit) is null ? "getrlimit" : "setrlimit");
        return parse.GetValue(_limit) is { } limit
            ? await client.SetLimitAsync(pid, Enum.Parse<ResourceLimit>(limit, ignoreCase: true), parse.GetValue(_value)!.Value)
            : await client.GetLimitsAsync(pid);
    }

    private void Write(AccountStatement statement)
    {
        var limits = statement.Limits;
        var table = new TextTable().Column("LIMIT").Column("VALUE", right: true).Column("USED", right: true).Column("LEFT", right: true);
        table.Row("tokens", Limit(limits.Tokens), Figures.Count(statement.Budget.Consumed + statement.Leased), statement.Remaining is { } left ? Figures.Count(left) : "");
        table.Row("slice", $"{limits.Slice.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture)} s", "", "");
        table.Row("hardcap", limits.HardCap ? "1" : "0", "", "");
        table.Row("requests", Limit(limits.RequestsPerMinute), "", "");
        table.Row("rate", Limit(limits.TokensPerMinute), "", "");
        table.Row("processes", Limit(limits.Processes), Figures.Count(statement.Processes), Left(limits.Processes, statement.Processes));
        table.Row("context", Limit(limits.ContextTokens), Figures.Count(statement.ContextTokens), Left(limits.ContextTokens, statement.ContextTokens));
        table.Row("gpu", limits.GpuUnits == 0 ? "none" : Slots(limits.GpuUnits), Slots(statement.GpuUnits), limits.GpuUnits == 0 ? "" : Slots(Math.Max(0, limits.GpuUnits - statement.GpuUnits)));
        if (AccountKey.ProcessOf(statement.Account) is not null)
        {
            table.Row("messages", Limit(limits.Messages), Figures.Count(statement.Messages), Left(limits.Messages, statement.Messages));
        }

        table.WriteTo(Context.Console);
    }

    private static string Limit(long value) => value == 0 ? "none" : Figures.Count(value);

    private static string Left(long limit, long used) => limit == 0 ? "" : Figures.Count(Math.Max(0, limit - used));

    private static string Slots(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}

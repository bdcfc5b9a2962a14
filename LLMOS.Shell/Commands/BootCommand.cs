using System.CommandLine;
using System.Globalization;
using System.Net;
using LLMOS.Shell.Sessions;

namespace LLMOS.Shell.Commands;

/// <summary><c>boot</c>: boots the system and keeps it up for others to connect to, until Ctrl-C.</summary>
internal sealed class BootCommand : ShellCommand
{
    private readonly Option<int?> _gateway = Port("--gateway-port", "The port for clients, such as llmos --connect (default: any that is free)");
    private readonly Option<int?> _silo = Port("--silo-port", "The port for other silos (default: any that is free)");
    private readonly Option<int?> _http = Port("--http", "The port of the dashboard, on loopback (default: no dashboard)");
    private readonly Option<bool> _check = new("--check") { Description = "Leave once the system is up" };
    private readonly Option<string?> _model = GlobalOptions.Model();

    public BootCommand(ShellContext context)
        : base("boot", "Boot the system, go on with interrupted runs, and stay up until Ctrl-C", context)
    {
        Add(_gateway);
        Add(_silo);
        Add(_http);
        Add(_check);
        Add(_model);
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        if (Context.Interactive is not null)
        {
            throw new UsageException("The system is up already: this shell booted it, or joined one.");
        }

        if (parse.GetValue(Context.Global.Connect) is not null)
        {
            throw new UsageException("boot starts a silo of its own: leave --connect out.");
        }

        var check = parse.GetValue(_check);
        var options = new SessionOptions
        {
            Model = parse.GetValue(_model),
            ShowBoot = true,
            LoadModel = true,
            ResumeRuns = !check,
            Works = true,
            Joins = false,
            GatewayPort = parse.GetValue(_gateway),
            SiloPort = parse.GetValue(_silo),
            HttpPort = parse.GetValue(_http),
        };
        await using var lease = await Context.OpenAsync(parse, options, cancellationToken);
        if (check || lease.Session is not EmbeddedSession embedded)
        {
            return ExitCodes.Success;
        }

        await Context.Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Gateway localhost:{embedded.GatewayPort}"));
        if (embedded.HttpAddress is { } http)
        {
            await Context.Console.Out.WriteLineAsync($"Dashboard {http}");
        }

        if (!parse.GetValue(Context.Global.Quiet))
        {
            Context.Console.WriteProgress("Ctrl-C stops it.");
        }

        try
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Context.Console.WriteProgress("stopping …");
            throw;
        }

        return ExitCodes.Success;
    }

    private static Option<int?> Port(string name, string description)
    {
        var option = new Option<int?>(name) { Description = description, HelpName = "PORT" };
        option.Validators.Add(result =>
        {
            if (OptionNumber.Of<long>(result) is < 0 or > IPEndPoint.MaxPort)
            {
                result.AddError($"{name} is {result.Tokens[0].Value}: use 1 to {IPEndPoint.MaxPort}, or 0 for any that is free.");
            }
        });
        return option;
    }
}
